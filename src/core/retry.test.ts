import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleRule, taskWith } from '../../test/support/core-samples.ts';
import { limits } from './limits.ts';
import { nextStep, retryDelayMs } from './retry.ts';

test('E10 the delay doubles with each failure, up to its limit', () => {
  expect([0, 1, 2, 5, 6, 7, 400].map((failures) => retryDelayMs(failures, sampleRule))).toEqual([
    5_000, 10_000, 20_000, 160_000, 300_000, 300_000, 300_000,
  ]);
});

test('jitter stretches by half at most, and never shortens', () => {
  fc.assert(
    fc.property(fc.nat({ max: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, jitter) => {
      const plain = retryDelayMs(failures, sampleRule);
      const stretched = retryDelayMs(failures, { ...sampleRule, jitter });
      expect(stretched).toBeGreaterThanOrEqual(plain);
      expect(stretched).toBeLessThanOrEqual(plain * 1.5);
      expect(Number.isSafeInteger(stretched)).toBe(true);
    }),
  );
});

test('I11 P7 there is a next attempt exactly while attempts and time are left', () => {
  fc.assert(
    fc.property(
      fc.record({
        attempts: fc.nat({ max: 9 }),
        attemptsGranted: fc.nat({ max: 3 }),
        spentMs: fc.nat({ max: 4_000_000 }),
      }),
      fc.nat({ max: 500_000 }),
      (facts, spentMs) => {
        const next = nextStep(taskWith(facts), { agent: 'a-1', spentMs, rule: sampleRule, now: 50 });
        const left = facts.attempts < sampleRule.attemptsMax + facts.attemptsGranted;
        const timeLeft = facts.spentMs + spentMs < sampleRule.spentMsMax;
        expect(next.retryAt !== null).toBe(left && timeLeft);
        expect(next.inbox).toBe(left ? (timeLeft ? null : 'budget-used') : 'attempts-used');
        expect((next.retryAt ?? Infinity) - 50).toBeGreaterThanOrEqual(sampleRule.retryDelayMs);
      },
    ),
  );
});

test('E10 the defaults are the documented ones', () => {
  expect(limits).toMatchObject({
    retryDelayMs: 5_000,
    heartbeatIntervalMs: 5_000,
    heartbeatTimeoutMs: 30_000,
    stuckMs: 7_200_000,
  });
});
