/**
 * The change that parking or opening an account makes: pure, and the same for every implementation.
 *
 * Owns the step from core's rule to the event and the row.
 */
import type { EventBody } from '../core/event.ts';
import { evolveAccount, isParked, parkUntil, type Account } from '../core/quota.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import type { ParkOrder, UnparkOrder } from './store.ts';

/** `event` is `null` where another met the same wall before, and nothing new is known. */
export function parkChange(
  before: Account | null,
  { account, until: told, reason, rule }: ParkOrder,
  now: number,
): { account: Account; event: EventBody | null } {
  const { until, known, times } = parkUntil(before, { until: told, now, rule });
  if (before !== null && isParked(before, now) && before.until === until) return { account: before, event: null };
  const event = { type: 'account-parked', account, until, reason, known, times } as const;
  const after = evolveAccount(before, event, now);
  return { account: after ?? { ...event, since: now, lastUntil: until }, event };
}

/** `null`: it is not parked, or not until when the order says, or there is no such account. */
export function unparkChange(
  before: Account | null,
  { why, until }: UnparkOrder,
): { account: Account; event: EventBody } | null {
  if (before === null || before.until === null || before.until !== (until ?? before.until)) return null;
  const event = { type: 'account-unparked', account: before.account, why } as const;
  return { account: { ...before, until: null }, event };
}

/** The refusal of a claim whose agent uses an account that rests. */
export function refuseParked(account: Account | null, now: number): Rejection | null {
  if (account === null || !isParked(account, now)) return null;
  const until = new Date(account.until ?? now).toISOString();
  return reject(
    'account-parked',
    `account ${account.account} is parked until ${until}: ${account.reason}`,
    `wait, or orbit resume --account ${account.account}`,
  );
}
