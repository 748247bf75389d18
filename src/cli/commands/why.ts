import type { Command } from '../command.ts';
import { painter } from '../output.ts';
import { whyLines } from '../why-words.ts';

export const command: Command = {
  summary: 'Why a task stands where it stands, and what would free it.',
  usage: ['why TASK [--plan PLAN]'],
  examples: [['orbit why T038', 'who holds it, by which rule, since when, what frees it']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' } },
  words: { min: 1, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { explainTask } = await import('../../actions/explain-task.ts');
    const answer = await explainTask(context, { task: input.words[0] ?? '', plan: input.text('plan') });
    const lines = whyLines(answer, painter(around.environment));
    return { data: answer, text: lines.join('\n') };
  },
};
