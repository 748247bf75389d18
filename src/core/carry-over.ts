/**
 * Which earlier attempt a new one goes on from (B5, B6, P1). Pure.
 *
 * Invariant: what ended without blame is gone on with, what failed is not: a fresh start is the point of the next rung, and the
 * failed work is kept and named all the same.
 */
import type { Attempt } from './attempt.ts';

/** @param attempts all of one task, in any order. @param token of the new one. */
export function goesOnFrom(attempts: readonly Attempt[], token: number): Attempt | null {
  const earlier = attempts
    .filter((attempt) => attempt.token < token && attempt.endedAt !== null)
    .toSorted((one, other) => other.token - one.token);
  // One that ended before it had a directory has nothing, and says nothing about those before it.
  const [last, before] = earlier.filter((attempt) => attempt.byHand || attempt.logs !== null);
  if (last === undefined || last.byHand) return null;
  if (last.outcome === 'released' || last.outcome === 'handed-over') return last;
  if (!isCrash(last)) return null;
  // Twice in a row: what it left may be what ends it.
  return before !== undefined && isCrash(before) ? null : last;
}

/** Whether the attempt's session may be gone on with later: its home is kept for that. */
export function leavesSession({ outcome, cause, pulse }: Pick<Attempt, 'outcome' | 'cause' | 'pulse'>): boolean {
  // A session whose model never answered may not even hold the task: programs drop a turn that failed.
  if (pulse.session === null || pulse.tokens === 0) return false;
  // A full context, and an agent that asked for a fresh one, are what a new session is for.
  const isStopped = cause === 'quota' || cause === 'login' || cause === 'blocked';
  return outcome === 'released' || (outcome === 'handed-over' && isStopped);
}

function isCrash({ outcome }: Attempt): boolean {
  return outcome === 'crashed' || outcome === 'lost';
}
