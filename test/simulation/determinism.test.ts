import { expect, test } from 'vitest';
import { simulate } from './simulation.ts';

test('P13 a seed is a whole run: the same one twice writes the same log, traced or not', async () => {
  for (const seed of [3, 4, 7, 11, 42]) {
    const lines: string[] = [];
    const first = await simulate(seed);
    const second = await simulate(seed, { trace: (line) => lines.push(line) });
    expect([second.lastHash, second.steps, second.elapsedMs]).toEqual([first.lastHash, first.steps, first.elapsedMs]);
    expect(first.lastHash).not.toBe('');
    expect(lines.length).toBeGreaterThan(first.events - 1);
  }
});

test('P13 another seed is another run', async () => {
  const hashes = await Promise.all([1, 2, 3].map(async (seed) => (await simulate(seed)).lastHash));
  expect(new Set(hashes).size).toBe(3);
});
