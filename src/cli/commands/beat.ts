import { isRejection } from '../../core/rejection.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Say that work on a task goes on, and learn whether it is still yours.',
  usage: ['beat [TASK] [--doing TEXT]'],
  examples: [
    ['orbit beat T031 --doing "writing tests"', 'the claim made by hand lasts longer; exit 3 when it is lost'],
  ],
  flags: {
    doing: { kind: 'text', value: 'TEXT', about: 'One line on what it does now.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
    token: { kind: 'number', about: 'Refuse unless this attempt still holds the task.' },
  },
  words: { min: 0, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { beatTask } = await import('../../actions/beat-task.ts');
    const order = { task: input.words[0] ?? null, plan: input.text('plan'), token: input.number('token') };
    const answer = await beatTask(context, order, input.text('doing'));
    if (isRejection(answer)) return answer;
    return { data: answer, text: `${answer.task} is yours until ${answer.expiresAt}.` };
  },
};
