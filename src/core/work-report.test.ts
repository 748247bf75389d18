import { expect, test } from 'vitest';
import { attemptOf, taskWith } from '../../test/support/core-samples.ts';
import type { Attempt } from './attempt.ts';
import type { Evidence, Task } from './task.ts';
import { reportWork } from './work-report.ts';

const minute = 60_000;

function ended(token: number, fields: Partial<Attempt>, pulse: Partial<Attempt['pulse']> = {}): Attempt {
  return { ...attemptOf('001/T1', token, pulse), startedAt: 0, endedAt: minute, outcome: 'failed', ...fields };
}

function landed(id: string, token: number, landedAt: number): Task {
  const evidence = { token, agent: 'claude-1', commit: 'c' } as Evidence;
  const landing = { state: 'landed', commit: 'c', queuedAt: 0, begunAt: null, landedAs: 'f00d', landedAt } as const;
  return taskWith({ id, key: `001/${id}`, evidence, landing, attempts: 2 });
}

test('A9 what landed is told in the order in which it did, with its commit', () => {
  const { landed: rows } = reportWork(
    [landed('T2', 2, 90), landed('T1', 1, 50), taskWith({ id: 'T3', key: '001/T3' })],
    [],
    0,
  );
  expect(rows.map(({ task, commit, at, agent }) => [task, commit, at, agent])).toEqual([
    ['001/T1', 'f00d', 50, 'claude-1'],
    ['001/T2', 'f00d', 90, 'claude-1'],
  ]);
});

test('C14 costs per agent and model: what nobody told is estimated apart, at what the same model was reported to cost', () => {
  const { spend } = reportWork(
    [],
    [
      ended(1, { agent: 'claude-1', outcome: 'done' }, { model: 'm', tokens: 1000, costUsd: 2 }),
      ended(2, { agent: 'claude-2' }, { model: 'm', tokens: 1000, costUsd: 4 }),
      ended(3, { agent: 'codex-1' }, { model: 'm', tokens: 100, costUsd: 0 }),
      ended(4, { agent: 'codex-1' }, { model: 'unknown', tokens: 70, costUsd: 0 }),
    ],
    0,
  );
  expect(
    spend.map(({ agent, model, done, reportedUsd, estimatedUsd, unpricedTokens }) => [
      agent,
      model,
      done,
      reportedUsd,
      estimatedUsd,
      unpricedTokens,
    ]),
  ).toEqual([
    ['claude', 'm', 1, 6, 0, 0],
    ['codex', 'm', 0, 0, 0.3, 0],
    ['codex', 'unknown', 0, 0, 0, 70],
  ]);
});

test('A9 redundant is what is in nothing that stands now, by cause', () => {
  const cancelled = taskWith({ id: 'T2', key: '001/T2', closed: { as: 'cancelled', why: '', by: '', at: 0 } });
  const { redundant } = reportWork(
    [landed('T1', 4, 1), cancelled],
    [
      ended(1, { outcome: 'crashed' }, { costUsd: 1 }),
      ended(2, { outcome: 'handed-over' }),
      ended(3, { outcome: 'done' }),
      ended(4, { outcome: 'done' }),
      ended(5, { outcome: 'failed', task: '001/T2' }),
      { ...attemptOf('001/T1', 6), outcome: null },
    ],
    minute,
  );
  expect(redundant).toMatchObject({ attempts: 3, minutes: 3, reportedUsd: 1, share: 0.6 });
  expect(redundant.causes.map(({ cause, attempts }) => `${cause} ${attempts}`).toSorted()).toEqual([
    'cancelled 1',
    'done-again 1',
    'failed 1',
  ]);
});
