import { expect, test } from 'vitest';
import { isBusy, type TreeSample } from './tree-sample.ts';

type Look = Record<string, [cpuMs: number, ioBytes: number | null]>;

const sample = (at: number, processes: Look): TreeSample => ({
  at,
  processes: new Map(Object.entries(processes).map(([id, [cpuMs, ioBytes]]) => [id, { cpuMs, ioBytes }])),
});

test('C6 a tree is busy when a process came, used the processor or moved bytes, and idle when its timers wake', () => {
  const allowance = { idleCpuShare: 0.02, idleIoBytesPerS: 1_000 };
  const before = sample(0, { a: [100, 100], b: [100, null] });
  expect(isBusy(before, sample(5_000, { a: [150, 200], b: [100, null] }), allowance)).toBe(false);
  expect(isBusy(before, sample(5_000, { a: [100, 100] }), allowance)).toBe(false);
  expect(isBusy(before, sample(5_000, { a: [250, 100] }), allowance)).toBe(true);
  expect(isBusy(before, sample(5_000, { a: [100, 9_000] }), allowance)).toBe(true);
  expect(isBusy(before, sample(5_000, { a: [100, 100], c: [0, 0] }), allowance)).toBe(true);
});
