/** What somebody reads who just took a task by hand: all that the work is judged by, and what others left for it. */
import type { Context } from '../actions/context.ts';
import type { ClaimAnswer } from '../actions/claim-task.ts';
import type { TaskKey } from '../core/id.ts';
import { oneLine, printable } from '../platform/text.ts';

/** @param first says whose it is now. */
export async function claimedLines({ store }: Context, answer: ClaimAnswer, first: string): Promise<string> {
  const task = (await store.task(answer.key as TaskKey))?.task;
  const lines = [`${answer.task} ${oneLine(answer.title)}: ${first}, attempt ${answer.token}.`];
  if (task === undefined) return lines.join('\n');
  const indented = (text: string): string => printable(text.trim()).replaceAll('\n', '\n    ');
  if (task.body.trim() !== '') lines.push(`    ${indented(task.body)}`);
  if (task.scope.length > 0) lines.push(`  may change: ${task.scope.map((glob) => oneLine(glob)).join(', ')}`);
  for (const check of task.checks) lines.push(`  check: ${oneLine(check)}`);
  if (task.advice !== null) lines.push(`  notes: ${indented(task.advice)}`);
  return [...lines, `  then: commit, and orbit complete ${answer.task}`].join('\n');
}
