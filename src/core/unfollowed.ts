/**
 * A pull request that was noted for work of a plan which does not land by pull requests: nobody asks the forge about it, so what is said
 * of it by hand is all that will ever be known. Pure.
 *
 * Owns the sentence and its remedy, for every screen.
 */
import type { LandingMode } from './pull-request.ts';
import type { Task } from './task.ts';

export interface Unfollowed {
  /** What it waits for and why nobody looks. */
  why: string;
  /** What a person can do, with the commands. */
  remedy: string;
}

/** @param mode how work of its plan lands. `null`: it has no such pull request, or lands all the same. */
export function unfollowedPullRequest(
  { key, pr, evidence, landing, closed }: Pick<Task, 'key' | 'pr' | 'evidence' | 'landing' | 'closed'>,
  mode: LandingMode,
): Unfollowed | null {
  if (pr === null || pr.status === 'merged' || mode === 'pull-requests') return null;
  if (closed !== null || landing !== null || (evidence?.commit ?? null) === null) return null;
  const { number, status } = pr;
  const how = mode === 'queue' ? 'its plan lands by the queue' : 'its plan lands nothing by itself';
  const again = status === 'rejected' ? [`orbit reopen ${key} has it done again`] : [];
  const queued = mode === 'queue' ? [`orbit edit ${key} --no-pr puts it into the landing queue`] : [];
  const merged = `orbit edit ${key} --pr ${number} --pr-status merged says that it was merged`;
  return {
    why: `waits for pull request #${number} (${status}), which nobody follows, since ${how}`,
    remedy: [...again, ...queued, merged].join(', or '),
  };
}
