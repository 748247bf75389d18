import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';
import { readFields, readTitle, taskFlags } from '../task-fields.ts';

export const command: Command = {
  summary: 'Add a task to a plan.',
  usage: ['create --title TEXT [--plan PLAN] [--id ID] [--type KIND] [--priority N] [--description TEXT] …'],
  examples: [
    [
      'orbit create --plan 001 --title "HTTP client" --agent claude --scope "src/http/**" --needs T031',
      'the next free id',
    ],
    ['orbit create --title "Fix the parser" --type implement --priority high --json', '{"task":"T052",…}'],
  ],
  flags: { id: { kind: 'text', value: 'ID', about: 'Its id; the next free T number by default.' }, ...taskFlags },
  words: { min: 0, max: 1, names: 'a title' },
  async run(input, around) {
    const fields = await readFields(input);
    const title = fields.title ?? readTitle(input.words[0] ?? '');
    if (title.trim() === '')
      throw new UsageError('missing-argument', 'orbit create needs --title TEXT', 'orbit create --title "HTTP client"');
    const context = await around.project();
    const { createTask } = await import('../../actions/change-task.ts');
    const answer = await createTask(context, {
      plan: input.text('plan'),
      id: input.text('id'),
      fields: { ...fields, title },
    });
    if (isRejection(answer)) return answer;
    return { data: answer, text: `${answer.plan}/${answer.task} is ${answer.status}.` };
  },
};
