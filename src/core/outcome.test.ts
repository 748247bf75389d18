import { expect, test } from 'vitest';
import { claimOf, evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import { standing, type Standing, type StandingOptions } from './outcome.ts';
import type { Landing, Task } from './task.ts';

const options: StandingOptions = {
  agents: ['claude-1'],
  paused: false,
  only: null,
  stopped: null,
  lands: true,
  held: new Map(),
  stack: null,
  now: 1_000,
};
const queue: Landing = { state: 'queued', commit: 'c', queuedAt: 1, begunAt: null, landedAs: null, landedAt: null };
const calm = { landingMs: null, queued: 0, sentBackShare: 0 };
const hold = { why: 'later', by: 'ann', at: 1 };

interface Row {
  facts: Partial<Task>;
  unmet?: number;
  others?: Task[];
  options?: Partial<StandingOptions>;
  /** The reason that is told; `null`: it moves by itself. */
  reason: string | null;
}

const rows: Record<string, Row> = {
  running: { facts: { claim: claimOf('claude-1', 1) }, reason: null },
  ready: { facts: {}, reason: null },
  'ready while the plan is paused': { facts: {}, options: { paused: true }, reason: null },
  'ready for an agent that this run lacks': { facts: { agent: 'codex' }, reason: 'wants @codex' },
  'C8 ready for an agent that gets no task': {
    facts: {},
    options: { agents: [], barred: new Map([['claude', 'agent claude is not logged in']]) },
    reason: 'agent claude is not logged in; then: orbit agents check claude',
  },
  'C8 ready for another agent than the one that gets no task': {
    facts: { agent: 'codex' },
    options: { agents: [], barred: new Map([['claude', 'agent claude is not logged in']]) },
    reason: 'wants @codex',
  },
  'resting before its next attempt': { facts: { retryAt: 2_000 }, reason: null },
  'A10 ready on work whose landing a person holds up': {
    facts: { dependencies: ['001/T2'] },
    others: [taskWith({ id: 'T2', evidence: evidenceOf(2), hold })],
    options: { stack: { depthMax: 0, pace: calm, others: [] } },
    reason: 'would be built on 1 level of work that has not landed',
  },
  'A4 ready for a start that does not pay yet': {
    facts: { dependencies: ['002/T2'] },
    options: {
      stack: {
        depthMax: 2,
        pace: { landingMs: 1, queued: 1, sentBackShare: 1 },
        others: [taskWith({ id: 'T2', key: '002/T2', evidence: evidenceOf(2, { at: 1_000 }) })],
      },
    },
    reason: null,
  },
  'held by a person': { facts: { hold }, reason: 'held: later' },
  'in the inbox': {
    facts: { inbox: { kind: 'question', reason: 'which port?', token: 1, at: 1 } },
    reason: 'which port?',
  },
  'done and on its way': { facts: { evidence: evidenceOf(1) }, reason: null },
  'done, waiting for its pull request': {
    facts: { evidence: evidenceOf(1), pr: { number: 9, status: 'approved' } },
    reason: 'pull request #9 (approved)',
  },
  'A10 done and held': { facts: { evidence: evidenceOf(1), hold }, reason: 'held: later' },
  landing: { facts: { evidence: evidenceOf(1), landing: queue }, reason: null },
  'landing, but the target cannot be moved': {
    facts: { evidence: evidenceOf(1), landing: queue },
    options: { held: new Map([['001/T1', 'main is dirty']]) },
    reason: 'main is dirty',
  },
  'landing behind what does not move': {
    facts: { evidence: evidenceOf(1), landing: queue, dependencies: ['001/T2'] },
    others: [taskWith({ id: 'T2', evidence: evidenceOf(2), hold })],
    reason: 'lands after T2',
  },
  'blocked by what does not move': {
    facts: { dependencies: ['001/T2'] },
    unmet: 1,
    others: [taskWith({ id: 'T2', hold })],
    reason: 'waits for T2',
  },
};

function stand({ facts, unmet = 0, others = [], options: more }: Row): Standing {
  const records = [taskWith(facts), ...others].map((task) => ({ task, unmet: task.key === '001/T1' ? unmet : 0 }));
  return standing(records, { ...options, ...more });
}

for (const [what, row] of Object.entries(rows)) {
  test(`B1 I10 ${what}: ${row.reason === null ? 'the run goes on' : `the run ends and says: ${row.reason}`}`, () => {
    const { over, left } = stand(row);
    expect(over).toBe(row.reason !== null);
    expect(left.find(({ key }) => key === '001/T1')?.reason ?? '').toContain(row.reason ?? '');
  });
}

test('B1 a run is over when all has landed or was cancelled, and counts what it did', () => {
  const records = [
    taskWith({ evidence: evidenceOf(1), landing: { ...queue, state: 'landed' } }),
    taskWith({ id: 'T2', closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } }),
    taskWith({ id: 'T3', inbox: { kind: 'attempts-used', reason: 'all used', token: 1, at: 1 } }),
  ].map((task) => ({ task, unmet: 0 }));
  expect(standing(records, options)).toMatchObject({
    over: true,
    landed: 1,
    failed: 1,
    needsYou: 1,
    counts: { landed: 1, cancelled: 1, 'needs-you': 1 },
  });
});

test('B1 while one task moves nothing is told as left', () => {
  const records = [taskWith({ claim: claimOf('claude-1', 1) }), taskWith({ id: 'T2', hold })].map((task) => ({
    task,
    unmet: 0,
  }));
  expect(standing(records, options)).toMatchObject({ over: false, left: [] });
});

test('I16 E10 after too many failures in a row nothing counts as moving but what runs', () => {
  const stopped = { ...options, stopped: '10 attempts failed in a row, over all tasks' };
  const ready = { task: taskWith({}), unmet: 0 };
  expect(standing([ready], options)).toMatchObject({ over: false });
  expect(standing([ready], stopped)).toMatchObject({ over: true, left: [{ reason: stopped.stopped }] });
});

test('B10 a run about one task is over when that one moves no more, whatever the others do', () => {
  const records = [
    { task: taskWith({ hold }), unmet: 0 },
    { task: taskWith({ id: 'T2' }), unmet: 0 },
  ];
  expect(standing(records, options)).toMatchObject({ over: false });
  expect(standing(records, { ...options, only: '001/T1' })).toMatchObject({ over: true, needsYou: 1 });
});
