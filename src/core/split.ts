/**
 * A split: a task that an attempt cut into parts, with those parts and what they were cut into in turn.
 *
 * Owns the bound over all of it (I11, P7). Each part has a budget of its own, and without this one a task of four attempts could
 * become fifty: splitting multiplies tasks, not budgets.
 */
import type { TaskKey } from './id.ts';
import { limits } from './limits.ts';
import type { InboxKind, Task } from './task.ts';

/** Reads of the rows of one moment. */
export interface SplitReads {
  task(key: TaskKey): Task | null;
  /** The tasks that attempts at this one made. */
  madeBy(key: TaskKey): readonly Task[];
}

/** The whole and all its parts, the task itself among them; empty where nothing was split. */
export function splitOf(task: Task, reads: SplitReads): readonly Task[] {
  let whole = task;
  while (whole.origin?.isPart === true) {
    const above = reads.task(whole.origin.task);
    if (above === null) break;
    whole = above;
  }
  const all = [whole];
  for (const one of all) all.push(...reads.madeBy(one.key).filter(({ origin }) => origin?.isPart === true));
  return all.length === 1 ? [] : all;
}

/** What the whole and its parts used up together, `null` while something is left or where nothing was split. */
export function usedUpBySplit(
  split: readonly Task[],
  {
    now,
    attemptsMax,
    spentMsMax,
  }: { now: { failures: number; spentMs: number }; attemptsMax: number; spentMsMax: number },
): { inbox: InboxKind; why: string } | null {
  const [whole] = split;
  if (whole === undefined) return null;
  const failures = split.reduce((sum, task) => sum + failuresOf(task), now.failures);
  const spentMs = split.reduce((sum, task) => sum + task.spentMs, now.spentMs);
  const all = `${whole.key} and the ${split.length - 1} tasks that it was split into`;
  const failuresMax = attemptsMax * limits.splitBudgets;
  if (failures >= failuresMax)
    return { inbox: 'attempts-used', why: `the ${failuresMax} failures allowed for ${all} are used` };
  const msMax = spentMsMax * limits.splitBudgets;
  if (spentMs < msMax) return null;
  return { inbox: 'budget-used', why: `the ${Math.round(msMax / 60_000)} min allowed for ${all} are used` };
}

/** Bounces have a bound of their own. */
function failuresOf({ failures }: Task): number {
  return failures.filter(({ outcome }) => outcome !== 'bounced').length;
}
