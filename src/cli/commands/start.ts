import { isRejection } from '../../core/rejection.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Start one task by hand.',
  usage: ['start TASK [--agent NAME] [--plan PLAN]'],
  examples: [
    ['orbit-agent start T031 --agent claude', 'claude works on T031 from now on'],
    ['orbit start 001/T031', 'as the agent that the plan names'],
  ],
  flags: {
    agent: {
      kind: 'text',
      value: 'NAME',
      about: 'Who works on it; the agent that the plan names, or you, by default.',
    },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 1, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { findTask } = await import('../../actions/find-task.ts');
    const { agentFor, claimTask } = await import('../../actions/claim-task.ts');
    const task = await findTask(context, input.words[0] ?? '', input.text('plan'));
    const answer = await claimTask(context, {
      agent: input.text('agent') ?? agentFor(context, task),
      plan: null,
      task,
    });
    if (isRejection(answer)) return answer;
    if (around.json) return { data: answer, text: '' };
    const { claimedLines } = await import('../claimed.ts');
    return { data: answer, text: await claimedLines(context, answer, `started by ${answer.agent}`) };
  },
};
