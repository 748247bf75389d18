import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from './limits.ts';
import { accountOf, evolveAccount, isParked, parkUntil, type Account } from './quota.ts';

const rule = { waitMs: 300_000, waitMsMax: 3_600_000 };

/** Parks at each time given, and folds it. */
function park(walls: readonly { now: number; until: number | null }[]): Account[] {
  const seen: Account[] = [];
  let account: Account | null = null;
  for (const { now, until } of walls) {
    const parked = parkUntil(account, { until, now, rule });
    account = evolveAccount(account, { type: 'account-parked', account: 'a', reason: 'limit', ...parked }, now);
    if (account !== null) seen.push(account);
  }
  return seen;
}

test('P6 a told reset time is kept to', () => {
  const [account] = park([{ now: 1_000, until: 900_000 }]);
  expect(account).toMatchObject({ until: 900_000, known: true, times: 1 });
  expect([isParked(account ?? null, 899_999), isParked(account ?? null, 900_000), isParked(null, 0)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('P6 without one the waits double from five minutes to an hour, and begin anew after good hours', () => {
  const walls: { now: number; until: null }[] = [];
  let now = 0;
  const waits = [5, 10, 20, 40, 60, 60].map((minutes) => minutes * 60_000);
  for (const wait of waits) {
    walls.push({ now, until: null });
    now += wait + 1_000;
  }
  walls.push({ now: now + 7_200_000, until: null });
  const seen = park(walls).map(({ since, until }) => (until ?? 0) - since);
  expect(seen).toEqual([...waits, 300_000]);
});

test('P6 others that meet the same wall neither lengthen an unknown wait nor count it again', () => {
  const [, second, third] = park([
    { now: 0, until: null },
    { now: 4_000, until: null },
    { now: 5_000, until: 2_000_000 },
  ]);
  expect(second).toMatchObject({ since: 0, until: 300_000, times: 1, known: false });
  expect(third).toMatchObject({ since: 0, until: 2_000_000, times: 1, known: true });
});

test('P6 no word of an account makes it spin or rest for ever', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: -10_000, max: 10 ** 14 })), { minLength: 1, maxLength: 20 }),
      (told) => {
        let now = 0;
        let account: Account | null = null;
        for (const until of told) {
          const parked = parkUntil(account, { until, now, rule });
          expect(parked.until - now).toBeGreaterThanOrEqual(account === null ? limits.quotaParkMsMin : rule.waitMs);
          expect(parked.until - now).toBeLessThanOrEqual(limits.quotaParkMsMax);
          account = evolveAccount(account, { type: 'account-parked', account: 'a', reason: '', ...parked }, now);
          now = parked.until;
        }
      },
    ),
  );
});

test('P6 agents have an account each unless they name a common one', () => {
  expect([accountOf('claude', {}), accountOf('claude', { account: 'work' }), accountOf('gone', undefined)]).toEqual([
    'claude',
    'work',
    'gone',
  ]);
});
