import { expect, test } from 'vitest';
import type { Attempt } from '../../../../src/api/contract.ts';
import { burn, costed, modelOf, sumOf, sumsBy } from './costs.ts';

const attempt = (token: number, fields: Partial<Attempt>): Attempt =>
  ({
    token,
    agent: 'one',
    adapter: 'claude',
    model: 'm',
    byHand: false,
    startedAt: new Date(0).toISOString(),
    endedAt: new Date(10_000).toISOString(),
    tokens: 0,
    costUsd: 0,
    ...fields,
  }) as Attempt;

const all = costed([
  attempt(1, { costUsd: 2, tokens: 1_000 }),
  attempt(2, { costUsd: 0, tokens: 500 }),
  attempt(3, { tokens: 900, adapter: 'other', model: null, agent: 'two' }),
  attempt(4, { byHand: true }),
]);

test('reported and estimated stay apart; without a price nothing is guessed', () => {
  expect(all.map(({ usd, isEstimate }) => [usd, isEstimate])).toEqual([
    [2, false],
    [1, true],
    [null, true],
    [0, false],
  ]);
  expect(sumOf(all)).toEqual({ reported: 2, estimated: 1, unknown: 1, attempts: 4, tokens: 2_400 });
});

test('sums by name, the dearest first', () => {
  expect(sumsBy(all, ({ agent }) => agent).map(({ name }) => name)).toEqual(['one', 'two']);
  expect(sumsBy(all, modelOf).map(({ name, cost }) => [name, cost.attempts])).toEqual([
    ['claude m', 2],
    ['other', 1],
    ['by hand', 1],
  ]);
});

test('the burn ends at the sums, and half of the time is half of the money of one attempt', () => {
  const [times, reported, both] = burn(all, 10_000, 2);
  expect(times).toEqual([0, 5, 10]);
  expect(reported).toEqual([0, 1, 2]);
  expect(both.at(-1)).toBe(3);
  expect(burn([], 0)).toEqual([[], [], []]);
});
