import { z } from 'zod';
import { tellProgress } from '../../actions/tell-progress.ts';
import { isRejection } from '../../core/rejection.ts';
import { settles, tool, type Tool } from '../tool.ts';

export const progress: Tool = tool({
  name: 'progress',
  title: 'Say what you do',
  description:
    'Tell people and the supervisor what you are doing now, in one line, and your todo list if you keep one. Call it when you begin a ' +
    'new step, and before something that takes long. It does not end anything: go on with your work.',
  annotations: settles,
  input: z.strictObject({
    doing: z.string().min(1).max(2_000).describe('One line: what you do now'),
    todo: z
      .array(z.strictObject({ text: z.string().max(2_000), done: z.boolean() }))
      .max(200)
      .optional()
      .describe('Your whole todo list as it is now'),
  }),
  output: z.object({ task: z.string(), recorded: z.boolean() }),
  async call(context, { doing, todo = null }) {
    const answer = await tellProgress(context, { doing, todo });
    return isRejection(answer) ? answer : { task: answer.task, recorded: true };
  },
});
