import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { painter } from '../output.ts';

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
    const paint = painter(around.environment);
    const lines = [`${answer.plan}/${answer.task} is ${paint(answer.status, 'bold')}: ${oneLine(answer.title, 80)}`];
    for (const { rule, message, since, unblockedBy } of answer.because) {
      lines.push(`  ${oneLine(message, 300)}  ${paint(`(${rule}${since === null ? '' : `, since ${since}`})`, 'dim')}`);
      if (unblockedBy !== null) lines.push(`    freed by: ${oneLine(unblockedBy, 200)}`);
    }
    if (answer.postMortem !== undefined && answer.postMortem.attempts.length > 0) {
      const { postMortemLines } = await import('../post-mortem-words.ts');
      lines.push(...postMortemLines(answer.postMortem));
    }
    return { data: answer, text: lines.join('\n') };
  },
};
