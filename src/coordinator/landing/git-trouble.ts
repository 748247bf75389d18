/**
 * Trouble with git around a landing, and whom it stands in the way of.
 *
 * Owns that line: what one task's refs or objects cause must not keep others from landing, what one plan's target causes no other plan.
 */
import type { TaskKey } from '../../core/id.ts';
import type { Task } from '../../core/task.ts';
import type { OperationalError } from '../../platform/error.ts';
import { operational } from '../../platform/system-error.ts';
import { landedRef } from './landed-ref.ts';
import type { LandingStep } from './step.ts';

/** What git or the file system refuses; `null` for all else. */
export function gitTrouble(error: unknown): OperationalError | null {
  const trouble = operational(error);
  return trouble !== null && /^(?:git-|workspace-|disk-full$|file-unwritable$)/.test(trouble.code) ? trouble : null;
}

/**
 * The step that an error comes to. Throws what is no trouble with git.
 *
 * @param held tasks that are passed over already: what still names one of them is in the way of all.
 */
export function stepOfTrouble(error: unknown, waiting: readonly Task[], held: ReadonlySet<TaskKey>): LandingStep {
  const [first] = waiting;
  const trouble = gitTrouble(error);
  if (trouble === null || first === undefined) throw error;
  const { message, hint, retryable } = trouble;
  const named = waiting.find((task) => !held.has(task.key) && message.includes(`${landedRef(task)}.lock`));
  const why = `${message} (${hint})`;
  const all = named === undefined && (waiting.length > 1 || held.has(first.key));
  return { outcome: 'held', task: (named ?? first).key, why, all, passing: retryable };
}
