import { z } from 'zod';
import { widenScope as widen } from '../../actions/widen-scope.ts';
import { adds, tool, type Tool } from '../tool.ts';

export const widenScope: Tool = tool({
  name: 'widen_scope',
  title: 'Ask for more files',
  description:
    'Ask to change files outside the scope of your task. Granted at once where nobody else works on them; else you get them by itself ' +
    'when that work ends, or a person decides, and you are told: go on with other files meanwhile. Files that run by themselves (CI, ' +
    'hooks, settings of tools) are not given this way. Work outside your scope is refused, so ask before you commit it.',
  annotations: adds,
  input: z.strictObject({
    paths: z
      .array(z.string().min(1).max(1_000))
      .min(1)
      .max(50)
      .describe('Files or globs from the top of the repository'),
    why: z.string().min(1).max(2_000).describe('What you need them for'),
  }),
  output: z.object({
    task: z.string(),
    plan: z.string(),
    outcome: z.enum(['granted', 'queued', 'asked']),
    entries: z.array(z.string()),
    scope: z.array(z.string()),
    holder: z.string().nullable().describe('The task that has the files now'),
  }),
  async call(context, { paths, why }) {
    return widen(context, { task: null, plan: null, entries: paths, why });
  },
});
