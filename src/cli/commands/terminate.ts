import { isRejection } from '../../core/rejection.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'End an agent at work; its work is saved and its task goes back to the queue.',
  usage: ['terminate AGENT|ATTEMPT|TASK [--hold] [--now] [--reason TEXT]'],
  examples: [
    ['orbit terminate claude-1', 'politely; answers when it has ended'],
    ['orbit terminate T031 --hold --reason "the design changed"', 'and nobody gets the task before orbit resume'],
  ],
  flags: {
    hold: { kind: 'switch', about: 'Keep the task back afterwards; orbit resume gives it out again.' },
    now: { kind: 'switch', about: 'By force, without waiting for the agent; what it wrote is saved all the same.' },
    reason: { kind: 'text', value: 'TEXT', about: 'Why; kept with the attempt.' },
  },
  words: { min: 1, max: 1, names: 'an agent, an attempt or a task' },
  async run(input, around) {
    const context = await around.project();
    const { terminateAgent } = await import('../../actions/orchestrator/terminate.ts');
    const answer = await terminateAgent(context, {
      agent: input.words[0] ?? '',
      after: input.has('hold') ? 'hold' : 'requeue',
      why: input.text('reason') ?? 'terminated by hand',
      byForce: input.has('now'),
    });
    if (isRejection(answer)) return answer;
    const { agent, id, task, status, outcome } = answer;
    return { data: answer, text: `${agent} (attempt ${id}) has ended: ${outcome}. ${task} is ${status}.` };
  },
};
