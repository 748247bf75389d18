import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Send finished work back to its agent, with the reason.',
  usage: ['reject TASK "why" [--close]'],
  examples: [
    ['orbit reject T031 "the workflow may not use secrets"', 'its next attempt reads that'],
    ['orbit reject T031 "not wanted after all" --close', 'the task is cancelled'],
  ],
  flags: {
    why: { kind: 'text', value: 'TEXT', about: 'What is wrong with it.' },
    close: { kind: 'switch', about: 'Cancel the task instead of doing it again.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 1, max: 2, names: 'a task and the reason' },
  async run(input, around) {
    const [task = '', behind] = input.words;
    const reason = (input.text('why') ?? behind ?? '').trim();
    if (reason === '')
      throw new UsageError('missing-argument', 'say why, for whoever does it again', `orbit reject ${task} "why"`);
    const context = await around.project();
    const { rejectTask } = await import('../../actions/approve-task.ts');
    const order = { task, plan: input.text('plan'), reason, close: input.has('close') };
    const answer = await rejectTask(context, order);
    if (isRejection(answer)) return answer;
    return { data: answer, text: `${answer.task} is ${answer.status}.` };
  },
};
