import { z } from 'zod';
import { showOwnTask } from '../../actions/show-own-task.ts';
import { isRejection } from '../../core/rejection.ts';
import { looks, tool, type Tool } from '../tool.ts';

export const myTask: Tool = tool({
  name: 'my_task',
  title: 'My task',
  description:
    'Your task: what is asked, which files you may change (scope), the commands that must pass (checks), advice of a person or notes of ' +
    'an earlier attempt, why earlier attempts failed, and how many messages wait for you. Call it first, and again when you are ' +
    'unsure what is asked. If holds is false, your attempt is over: stop working.',
  annotations: looks,
  input: z.object({}),
  output: z.object({
    task: z.string(),
    plan: z.string(),
    title: z.string(),
    description: z.string(),
    kind: z.string(),
    status: z.string(),
    holds: z.boolean().describe('Whether you still hold the task; if not, nothing that you do counts'),
    attempt: z.number().describe('Which try at the task this is, from 1'),
    agent: z.string().describe('Your name'),
    branch: z.string().nullable(),
    workspace: z.string().nullable(),
    scope: z.array(z.string()).describe('Globs of the files that you may change; empty: all'),
    checks: z.array(z.string()).describe('Commands that must exit 0 on your committed work'),
    advice: z.string().nullable(),
    needs: z.array(z.object({ id: z.string(), title: z.string(), status: z.string() })),
    failures: z.array(z.string()).describe('Why the last attempts failed, oldest first'),
    messages_waiting: z.number().describe('Call read to get them'),
  }),
  async call(context) {
    const own = await showOwnTask(context);
    if (isRejection(own)) return own;
    const { messagesWaiting, token: _token, ...task } = own;
    return { ...task, messages_waiting: messagesWaiting };
  },
});
