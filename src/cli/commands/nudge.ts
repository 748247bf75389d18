import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';
import { toldDelivery } from '../nudge-words.ts';

export const command: Command = {
  summary: 'Tell the agent at a task something, in the middle of its turn where it can hear that.',
  usage: ['nudge TASK "text"'],
  examples: [
    [
      'orbit nudge T031 "use the existing parser"',
      'says whether it reaches the model now, at its next turn, or the next attempt',
    ],
  ],
  flags: {
    text: { kind: 'text', value: 'TEXT', about: 'What to tell; a second word does the same.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 1, max: 2, names: 'a task and the text' },
  async run(input, around) {
    const [task = '', behind] = input.words;
    const text = input.text('text') ?? behind ?? '';
    if (text.trim() === '') {
      const example = 'orbit nudge T031 "look at src/http.ts first"';
      throw new UsageError('missing-argument', 'orbit nudge needs a text', example);
    }
    const context = await around.project();
    const { nudgeTask } = await import('../../actions/nudge-task.ts');
    const answer = await nudgeTask(context, { task, plan: input.text('plan'), text });
    if (isRejection(answer)) return answer;
    return { data: answer, text: `${answer.task} is ${answer.status}: ${toldDelivery(answer)}.` };
  },
};
