import { expect, test } from 'vitest';
import { evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import { meanDurations, rank, type RankedTask } from './rank.ts';

const options = { now: 60_000, shared: [] };

function record(facts: Parameters<typeof taskWith>[0], more: Partial<RankedTask> = {}): RankedTask {
  return { task: taskWith(facts), unmet: 0, score: 0, ...more };
}

test('E3 measured durations take the place of guesses while a plan runs', () => {
  const finished = [
    record({ id: 'T2', kind: 'implement', evidence: evidenceOf(1), spentMs: 10_000 }),
    record({ id: 'T3', kind: 'implement', evidence: evidenceOf(2), spentMs: 30_000 }),
  ];
  expect(meanDurations(finished)).toEqual({ implement: 20_000 });
  const open = record({ id: 'T4', kind: 'implement', scope: [], createdAt: options.now });
  expect(rank([...finished, open], options).get('001/T4')).toBe(20_000);
});

test('E3 a task that others wait for comes before one that nobody waits for', () => {
  const scores = rank(
    [record({ id: 'T2' }), record({ id: 'T3' }), record({ id: 'T4', dependencies: ['001/T3'] }, { unmet: 1 })],
    options,
  );
  expect(scores.get('001/T3')).toBeGreaterThan(scores.get('001/T2') ?? 0);
});

test('E3 finished work has no score, and a score that hardly changes is not written', () => {
  const open = record({ id: 'T2' });
  const [score = 0] = rank([open], options).values();
  expect(rank([{ ...open, score }], options).size).toBe(0);
  expect(rank([{ ...open, score: score * 2 }], options).size).toBe(1);
  expect(rank([record({ id: 'T3', evidence: evidenceOf(1) })], options).size).toBe(0);
});
