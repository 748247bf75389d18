/** Owns the rule of leadership, the same for every implementation: one holder until its lease ends, a new holder a new epoch. */
import { reject, type Rejection } from '../core/rejection.ts';
import type { Leadership } from './store.ts';

/**
 * @param current as stored; a holder that resigned stands there with an empty name, so that its epoch is remembered.
 * @returns what to store, or `null` while another holder's lease runs.
 */
export function nextLeadership(
  current: Leadership | null,
  { holder, leaseMs, now }: { holder: string; leaseMs: number; now: number },
): Leadership | null {
  const expiresAt = now + leaseMs;
  if (current === null) return { holder, epoch: 1, expiresAt };
  if (current.holder === holder) return { holder, epoch: current.epoch, expiresAt };
  // A lease that ends later than any lease can was given before the clock was set back; its holder, if it lives, takes a new one.
  const isRunning = current.expiresAt > now && current.expiresAt <= now + leaseMs;
  if (isRunning) return null;
  return { holder, epoch: current.epoch + 1, expiresAt };
}

/**
 * Fences a coordinator that no longer leads and does not know it yet: its change is refused in the transaction it would be made in.
 * @param epoch the leadership that the change is made under; `undefined` = by somebody who needs none.
 */
export function refuseStale(current: Leadership | null, epoch: number | undefined): Rejection | null {
  if (epoch === undefined || (current !== null && current.epoch === epoch)) return null;
  return reject('not-leading', `another coordinator leads now, not the one of epoch ${epoch}`, 'stand by');
}
