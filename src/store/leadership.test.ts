import { expect, test } from 'vitest';
import { nextLeadership, refuseStale } from './leadership.ts';

const now = 1_000_000;
const leaseMs = 10_000;
const held = { holder: 'one', epoch: 4, expiresAt: now + leaseMs };

test('B9 another coordinator stands by while a lease runs, and takes over with a higher epoch when it ends', () => {
  expect(nextLeadership(held, { holder: 'two', leaseMs, now })).toBe(null);
  expect(nextLeadership(held, { holder: 'two', leaseMs, now: now + leaseMs })).toEqual({
    holder: 'two',
    epoch: 5,
    expiresAt: now + 2 * leaseMs,
  });
});

test('B9 a clock set back by an hour does not leave a dead leader in office for that hour', () => {
  const later = now - 3_600_000;
  expect(nextLeadership(held, { holder: 'two', leaseMs, now: later })).toEqual({
    holder: 'two',
    epoch: 5,
    expiresAt: later + leaseMs,
  });
  expect(nextLeadership(held, { holder: 'one', leaseMs, now: later })).toEqual({
    holder: 'one',
    epoch: 4,
    expiresAt: later + leaseMs,
  });
});

test('I16 a change under an epoch that is over is refused; who needs no leadership is let through', () => {
  expect(refuseStale(held, 4)).toBe(null);
  expect(refuseStale(held, undefined)).toBe(null);
  expect(refuseStale(held, 3)).toMatchObject({ rejected: true, code: 'not-leading' });
  expect(refuseStale(null, 1)).toMatchObject({ rejected: true, code: 'not-leading' });
});
