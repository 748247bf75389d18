/**
 * Fresh identifiers for things that have no name of their own: messages, findings, leaders.
 *
 * Owns their form: time first, so that they sort by age, then 80 random bits, so that two machines never meet.
 */
import { randomBytes } from 'node:crypto';

/** A new id of 25 lower-case letters and digits, sortable by `now` (milliseconds since 1970). */
export function newId(now: number): string {
  const random = BigInt(`0x${randomBytes(10).toString('hex')}`);
  return now.toString(36).padStart(9, '0') + random.toString(36).padStart(16, '0');
}
