/**
 * What to do about one live attempt, given how it looks. Pure: the coordinator looks, this concludes.
 *
 * Invariant: a failed look (`unknown`) never ends an attempt; only a seen exit or an ended lease does.
 */
import type { Attempt } from './attempt.ts';

export type Tending =
  /** Healthy, or nothing is known against it. */
  | 'leave'
  /** Claimed, but no runner was ever seen: the coordinator died between claim and start. */
  | 'start'
  /** Its runner is gone: end it now, without waiting for the lease. */
  | 'runner-gone'
  /** The lease is over and the runner is gone or out of sight: end it. */
  | 'lease-over'
  /** The lease is over, yet its runner is seen alive: end the runner first, then the attempt. */
  | 'stop-runner';

export interface TendingLimits {
  /** How long a started runner may take to its first beat. */
  runnerStartMs: number;
}

/** @param startedHere this coordinator has started the attempt's runner itself. */
export function tend(
  attempt: Attempt,
  seen: { look: 'alive' | 'gone' | 'unknown'; startedHere: boolean },
  clock: { now: number; limits: TendingLimits },
): Tending {
  const leaseOver = attempt.pulse.expiresAt <= clock.now;
  if (attempt.byHand) return leaseOver ? 'lease-over' : 'leave';
  if (attempt.pulse.runner === null && !seen.startedHere) {
    if (leaseOver) return 'lease-over';
    // A clock that was set back makes the claim lie in the future: just as long ago for all we know.
    return Math.abs(clock.now - attempt.startedAt) >= clock.limits.runnerStartMs ? 'start' : 'leave';
  }
  if (seen.look === 'gone') return 'runner-gone';
  if (!leaseOver) return 'leave';
  return seen.look === 'alive' ? 'stop-runner' : 'lease-over';
}
