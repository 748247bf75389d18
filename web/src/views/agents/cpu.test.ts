import { expect, test } from 'vitest';
import { lookAt, sharesBetween } from './cpu.ts';

test('the share of a core comes from two looks; what one of them does not know is left out', () => {
  const before = lookAt(
    [
      { token: 1, cpuMs: 1_000 },
      { token: 2, cpuMs: 9_000 },
      { token: 3, cpuMs: null },
    ],
    10_000,
  );
  const now = lookAt(
    [
      { token: 1, cpuMs: 3_500 },
      { token: 2, cpuMs: 400 },
      { token: 3, cpuMs: 5 },
      { token: 4, cpuMs: 5 },
    ],
    15_000,
  );
  expect([...sharesBetween(before, now)]).toEqual([[1, 0.5]]);
});
