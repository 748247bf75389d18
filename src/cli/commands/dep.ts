import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Add or remove a dependency: `dep add A B` says that A needs B.',
  usage: ['dep add TASK NEEDED…', 'dep rm TASK NEEDED…'],
  examples: [
    ['orbit dep add T038 T031', 'T038 waits for T031'],
    ['orbit dep rm T038 T031', 'no longer'],
  ],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Plan of the tasks.' } },
  words: { min: 3, max: 100, names: 'add or rm, a task, and what it needs' },
  async run(input, around) {
    const [how, task = '', ...needs] = input.words;
    if (how !== 'add' && how !== 'rm')
      throw new UsageError(
        'bad-flag',
        `orbit dep knows add and rm, not ${JSON.stringify(how)}`,
        'orbit dep add T038 T031',
      );
    const context = await around.project();
    const { changeDependency } = await import('../../actions/change-task.ts');
    const answer = await changeDependency(context, {
      how: how === 'add' ? 'add' : 'remove',
      task,
      needs,
      plan: input.text('plan'),
    });
    if (isRejection(answer)) return answer;
    const text =
      answer.dependencies.length === 0
        ? `${answer.task} needs nothing.`
        : `${answer.task} needs ${answer.dependencies.join(', ')} and is ${answer.status}.`;
    return { data: answer, text };
  },
};
