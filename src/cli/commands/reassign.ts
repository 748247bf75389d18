import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Give a task to another agent; who works on it is ended, its work saved.',
  usage: ['reassign TASK AGENT|any [--now] [--reason TEXT]'],
  examples: [['orbit reassign T031 codex', 'the attempt at work ends politely, codex gets the task next']],
  flags: {
    to: { kind: 'text', value: 'AGENT', about: 'The agent; a second word does the same.' },
    now: { kind: 'switch', about: 'End who works on it by force, without waiting.' },
    reason: { kind: 'text', value: 'TEXT', about: 'Why; kept with the attempt.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 1, max: 2, names: 'a task and an agent' },
  async run(input, around) {
    const [task = '', behind] = input.words;
    const agent = input.text('to') ?? behind ?? '';
    if (agent === '')
      throw new UsageError('missing-argument', 'orbit reassign needs an agent', 'orbit reassign T031 codex');
    const context = await around.project();
    const { reassignTask } = await import('../../actions/orchestrator/reassign.ts');
    const answer = await reassignTask(context, {
      task,
      plan: input.text('plan'),
      agent: agent === 'any' ? null : agent.replace(/^@/, ''),
      why: input.text('reason') ?? `given to ${agent}`,
      byForce: input.has('now'),
    });
    if (isRejection(answer)) return answer;
    const { ended } = answer;
    const before = ended === null ? '' : ` ${ended.agent} (attempt ${ended.token}) has ended.`;
    return {
      data: answer,
      text: `${answer.task} wants ${answer.agent ?? 'any agent'} and is ${answer.status}.${before}`,
    };
  },
};
