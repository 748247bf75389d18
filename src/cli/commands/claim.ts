import { UsageError } from '../../platform/error.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Take the best task that an agent may have, or one by name.',
  usage: ['claim --agent NAME [--plan PLAN] [--task TASK]'],
  examples: [
    ['orbit claim --agent claude --plan 001 --json', 'the best task for claude, with its token'],
    ['orbit claim --agent claude --task T031', 'this one, or the reason why not'],
  ],
  flags: {
    agent: { kind: 'text', value: 'NAME', about: 'Who takes it.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Only tasks of this plan.' },
    task: { kind: 'text', value: 'TASK', about: 'Only this task.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const agent = input.text('agent') ?? context.caller.agent;
    if (agent === null)
      throw new UsageError('missing-argument', 'orbit claim needs --agent NAME', 'orbit claim --agent claude');
    const { claimTask } = await import('../../actions/claim-task.ts');
    const named = input.text('task');
    const plan = input.text('plan');
    const task =
      named === null ? null : await (await import('../../actions/find-task.ts')).findTask(context, named, plan);
    const answer = await claimTask(context, { agent, plan: plan ?? context.caller.plan, task });
    if (isRejection(answer)) return answer;
    if (around.json) return { data: answer, text: '' };
    const { claimedLines } = await import('../claimed.ts');
    return { data: answer, text: await claimedLines(context, answer, `yours, ${agent}`) };
  },
};
