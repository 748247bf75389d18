import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, panTime, ticks, zoomTime } from './scale.ts';

const bounds = { from: 1_000, to: 3_601_000 };

test('no zoom and no pan leaves the bounds or turns the window round', () => {
  const windows = fc.record({
    factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
    at: fc.integer({ min: bounds.from, max: bounds.to }),
    by: fc.integer({ min: -5_000_000, max: 5_000_000 }),
  });
  fc.assert(
    fc.property(windows, ({ factor, at, by }) => {
      const zoomed = zoomTime(bounds, factor, { at, bounds });
      const moved = panTime(zoomed, by, bounds);
      for (const { from, to } of [zoomed, moved]) {
        expect(from).toBeGreaterThanOrEqual(bounds.from - 0.01);
        expect(to).toBeLessThanOrEqual(bounds.to + 0.01);
        expect(to - from).toBeGreaterThan(0);
      }
      expect(moved.to - moved.from).toBeCloseTo(zoomed.to - zoomed.from, 3);
    }),
  );
});

test('ticks are round and few', () => {
  const { at, step } = ticks(bounds, 8);
  expect(step).toBe(15 * 60_000);
  expect(at.every((time) => time % step === 0)).toBe(true);
  expect(at.length).toBeLessThanOrEqual(8);
});

test('durations have two parts at most', () => {
  expect([0, 999, 61_000, 3_600_000, 90_061_000].map(duration)).toEqual([
    '0 ms',
    '999 ms',
    '1 m 1 s',
    '1 h',
    '1 d 1 h',
  ]);
});
