import { z } from 'zod';
import { completeTask } from '../../actions/complete-task.ts';
import { isRejection } from '../../core/rejection.ts';
import { settles, tool, type Tool } from '../tool.ts';

export const complete: Tool = tool({
  name: 'complete',
  title: 'Report the task as complete',
  description:
    'Report your task as finished. Call it once everything is committed in your workspace, only files of your scope are changed and ' +
    'the checks pass. Orbit then looks for itself: at the commits, the scope and the checks. What is missing you are told, and then you mend ' +
    'it and call this again. If there is rightly nothing to commit, give the reason as no_changes.',
  annotations: settles,
  input: z.strictObject({
    no_changes: z.string().min(1).max(2_000).optional().describe('Only where nothing had to be changed: why'),
    pr: z.number().int().positive().optional().describe('Number of the pull request, if you opened one'),
  }),
  output: z.object({
    task: z.string(),
    status: z.string(),
    evidence: z.string().describe('The commit that is looked at, or the reason for none'),
    next: z.string().describe('What you do now'),
  }),
  async call(context, { no_changes: noChanges = null, pr = null }) {
    const answer = await completeTask(context, { task: null, noChanges, pr });
    if (isRejection(answer)) return answer;
    const { task, status, evidence, proven } = answer;
    const next = proven
      ? 'It is proven and done: stop now.'
      : 'It is reported; Orbit looks at the proof now. End your turn; if something is missing, you are told.';
    return { task, status, evidence, next };
  },
});
