/** Why a task stands where it stands, in lines for a person. */
import type { Explanation } from '../actions/explain-task.ts';
import { oneLine } from '../platform/text.ts';
import type { Colour } from './output.ts';
import { postMortemLines } from './post-mortem-words.ts';

export function whyLines(answer: Explanation, paint: (text: string, colour: Colour) => string): string[] {
  const lines = [`${answer.plan}/${answer.task} is ${paint(answer.status, 'bold')}: ${oneLine(answer.title, 80)}`];
  for (const { rule, message, since, unblockedBy } of answer.because) {
    lines.push(`  ${oneLine(message, 300)}  ${paint(`(${rule}${since === null ? '' : `, since ${since}`})`, 'dim')}`);
    if (unblockedBy !== null) lines.push(`    freed by: ${oneLine(unblockedBy, 200)}`);
  }
  const { postMortem } = answer;
  return postMortem === undefined || postMortem.attempts.length === 0
    ? lines
    : [...lines, ...postMortemLines(postMortem)];
}
