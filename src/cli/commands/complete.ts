import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { count } from '../words.ts';

export const command: Command = {
  summary: 'Report a task as finished; its commits and checks are the proof.',
  usage: ['complete [TASK] [--pr N] [--no-changes WHY]'],
  examples: [
    ['orbit-agent complete T031 --pr 123', 'proven by the commits at HEAD, with its pull request'],
    ['orbit complete T031 --no-changes "was fixed by T030"', 'where there is rightly no commit'],
    ['orbit complete', 'inside an attempt: the task is known'],
  ],
  flags: {
    pr: { kind: 'text', value: 'N', about: 'Number of its pull request.' },
    'no-changes': { kind: 'text', value: 'WHY', about: 'Why there is rightly nothing to commit.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
    token: { kind: 'number', about: 'Refuse unless this attempt still holds the task.' },
  },
  words: { min: 0, max: 1, names: 'a task' },
  async run(input, around) {
    const pr = readPr(input.text('pr'));
    const noChanges = input.text('no-changes');
    if (noChanges?.trim() === '')
      throw new UsageError(
        'missing-argument',
        '--no-changes needs the reason',
        'orbit complete T031 --no-changes "was fixed by T030"',
      );
    const context = await around.project();
    const { completeTask } = await import('../../actions/complete-task.ts');
    const answer = await completeTask(context, {
      task: input.words[0] ?? null,
      plan: input.text('plan'),
      token: input.number('token'),
      pr,
      noChanges,
    });
    if (isRejection(answer)) return answer;
    const text = answer.proven
      ? `${answer.task} is ${answer.status}: ${oneLine(answer.evidence)}${answer.commits > 0 ? ` (${count(answer.commits, 'commit')}, ${count(answer.files, 'file')})` : ''}`
      : `${answer.task} is reported as complete; the proof is looked at now. You may end.`;
    const { unfollowed } = answer;
    const lands = unfollowed === null ? '' : `\nIt ${unfollowed.why}: ${unfollowed.remedy}.`;
    return { data: answer, text: text + lands };
  },
};

function readPr(text: string | null): number | null {
  if (text === null) return null;
  const number = /^#?([1-9]\d{0,8})$/.exec(text)?.[1];
  if (number === undefined)
    throw new UsageError(
      'bad-flag',
      `--pr needs a number, not ${JSON.stringify(text)}`,
      'orbit complete T031 --pr 123',
    );
  return Number(number);
}
