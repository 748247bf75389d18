/**
 * The quota governor: accounts whose quota is used up, and until when nobody gets work on them (P6).
 *
 * Pure. Owns how long an account is parked. Invariant: a wall is never a failure of a task; what nobody told the end of is
 * tried again ever more slowly, so that no storm of attempts runs against it.
 */
import { limits } from './limits.ts';

export interface QuotaRule {
  /** The first wait where nobody told the reset time; doubles with each wall that follows. */
  waitMs: number;
  waitMsMax: number;
}

export interface Account {
  account: string;
  /** When it was parked last. */
  since: number;
  /** Nobody gets work on it before; `null`: it is open. */
  until: number | null;
  /** Where the last parking ended or would have ended, also after it was opened by hand. */
  lastUntil: number;
  reason: string;
  /** Whether the account's own words told the reset time. */
  known: boolean;
  /** Walls in a row. */
  times: number;
}

export function isParked(account: Account | null, now: number): boolean {
  return account !== null && account.until !== null && account.until > now;
}

/**
 * How long it is parked after another wall.
 * @param until when the account said that it opens again, `null` where it did not.
 */
export function parkUntil(
  before: Account | null,
  { until, now, rule }: { until: number | null; now: number; rule: QuotaRule },
): { until: number; times: number; known: boolean } {
  const latest = now + limits.quotaParkMsMax;
  if (before !== null && before.until !== null && before.until > now) {
    // Another attempt met the same wall.
    const { times } = before;
    if (until === null) return { until: before.until, times, known: before.known };
    const least = before.known ? before.until : now + limits.quotaParkMsMin;
    return { until: Math.min(Math.max(until, least), latest), times, known: true };
  }
  const waitedMs = before === null ? 0 : before.lastUntil - before.since;
  const isSoon = before !== null && now - before.lastUntil < Math.max(rule.waitMs, waitedMs);
  const times = isSoon ? before.times + 1 : 1;
  if (until === null) return { until: now + waitMs(times, rule), times, known: false };
  // A reset time that proved wrong is not believed to the letter again.
  const least = times > 1 ? waitMs(times - 1, rule) : limits.quotaParkMsMin;
  return { until: Math.min(Math.max(until, now + least), latest), times, known: true };
}

function waitMs(times: number, { waitMs: first, waitMsMax }: QuotaRule): number {
  return Math.min(first * 2 ** Math.min(times - 1, 16), waitMsMax);
}

/** The account whose quota an agent of the settings uses: each its own, unless they name a common one. */
export function accountOf(name: string, entry: { account?: string } | undefined): string {
  return entry?.account ?? name;
}

/** Folds what happened to an account; `null` before anything did. */
export function evolveAccount(
  before: Account | null,
  event:
    | { type: 'account-parked'; account: string; until: number; reason: string; known: boolean; times: number }
    | { type: 'account-unparked'; account: string },
  at: number,
): Account | null {
  if (event.type === 'account-unparked') return before === null ? null : { ...before, until: null };
  const { account, until, reason, known, times } = event;
  // The same wall, met by another: it began when the first met it.
  const since = before !== null && before.until !== null && before.times === times ? before.since : at;
  return { account, since, until, lastUntil: until, reason, known, times };
}
