/** Owns the rule of leadership, the same for every implementation: one holder until its lease ends, a new holder a new epoch. */
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
  if (current.expiresAt > now) return null;
  return { holder, epoch: current.epoch + 1, expiresAt };
}
