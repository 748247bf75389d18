import { isRejection } from '../../core/rejection.ts';
import type { PullRequestStatus } from '../../core/task.ts';
import { UsageError } from '../../platform/error.ts';
import type { Command, Input } from '../command.ts';
import { readFields, taskFlags } from '../task-fields.ts';

const prStatuses: readonly PullRequestStatus[] = ['pending_review', 'approved', 'merged', 'rejected'];

export const command: Command = {
  summary: 'Change what a task asks for, or note the state of its pull request.',
  usage: ['edit TASK [--title TEXT] [--agent NAME|any] [--scope GLOB]… [--pr N --pr-status STATUS | --no-pr]'],
  examples: [
    ['orbit edit T031 --agent any', 'anybody may take it'],
    ['orbit edit T031 --pr 123 --pr-status merged', 'its pull request was merged'],
    ['orbit edit T031 --no-pr', 'it has none: finished work goes into the landing queue'],
  ],
  flags: {
    ...taskFlags,
    pr: { kind: 'number', about: 'Number of its pull request.' },
    'pr-status': { kind: 'text', value: 'STATUS', about: `One of ${prStatuses.join(', ')}.` },
    'no-pr': { kind: 'switch', about: 'It has no pull request (any more): it lands as its plan does.' },
  },
  words: { min: 1, max: 1, names: 'a task' },
  async run(input, around) {
    const fields = await readFields(input);
    const context = await around.project();
    const { editTask } = await import('../../actions/change-task.ts');
    const pr = readPr(input);
    if (pr === null && Object.keys(fields).length === 0)
      throw new UsageError('missing-argument', 'orbit edit needs something to change', 'orbit help edit');
    const answer = await editTask(context, { task: input.words[0] ?? '', plan: input.text('plan'), fields, pr });
    if (isRejection(answer)) return answer;
    return { data: answer, text: `${answer.task} is ${answer.status}.` };
  },
};

function readPr(input: Input): { number: number; status: PullRequestStatus } | 'none' | null {
  const number = input.number('pr');
  const word = input.text('pr-status');
  if (input.has('no-pr')) {
    if (number === null && word === null) return 'none';
    throw new UsageError('bad-flag', '--no-pr and --pr say opposite things', 'give one of them');
  }
  if (number === null && word === null) return null;
  const status = prStatuses.find((each) => each === (word ?? 'pending_review'));
  if (number === null || status === undefined) {
    throw new UsageError(
      'bad-flag',
      number === null ? '--pr-status needs --pr N' : `there is no pull request status ${JSON.stringify(word)}`,
      `known: ${prStatuses.join(', ')}`,
    );
  }
  return { number, status };
}
