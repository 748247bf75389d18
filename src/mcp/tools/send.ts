import { z } from 'zod';
import { sendMessage } from '../../actions/message.ts';
import { adds, tool, type Tool } from '../tool.ts';

export const send: Tool = tool({
  name: 'send',
  title: 'Send a message',
  description:
    'Tell another agent (by its name, such as claude-2) or the person in charge (person) something that concerns them: you changed what ' +
    'they build on, or found a fault in it. They read it when they look. It expects no answer; to get one from a person use ask.',
  annotations: adds,
  input: z.strictObject({
    to: z.string().min(1).max(200).describe('An agent such as claude-2, or person'),
    text: z.string().min(1).max(60_000),
    task: z.string().max(200).optional().describe('Id of the task that it is about; your own by default'),
  }),
  output: z.object({ id: z.string(), to: z.string() }),
  async call(context, { to, text, task = null }) {
    const sent = await sendMessage(context, { to, text, task, id: null });
    return { id: sent.id, to: sent.to };
  },
});
