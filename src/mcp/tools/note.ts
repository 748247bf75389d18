import { z } from 'zod';
import { noteKinds, recordNote } from '../../actions/message.ts';
import { adds, tool, type Tool } from '../tool.ts';

const [first, ...others] = noteKinds;

export const note: Tool = tool({
  name: 'note',
  title: 'Record a finding',
  description:
    'Record something that other agents should know and could not see in the code at once: a decision, an interface that others build on, ' +
    'a trap (gotcha), an approach that failed. They find it with search_notes. One finding a call; not for progress.',
  annotations: adds,
  input: z.strictObject({
    title: z.string().min(1).max(500).describe('One line with the words that somebody would search for'),
    text: z.string().min(1).max(60_000),
    kind: z.enum([first ?? 'gotcha', ...others]).default('gotcha'),
    paths: z.array(z.string().max(1_000)).max(50).optional().describe('Files that it is about'),
  }),
  output: z.object({ id: z.string(), kind: z.string() }),
  async call(context, { title, text, kind, paths = [] }) {
    const made = await recordNote(context, { kind, title, text, paths, task: null });
    return { id: made.id, kind: made.kind };
  },
});
