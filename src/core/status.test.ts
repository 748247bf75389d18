import { expect, test } from 'vitest';
import { claimOf, evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import { deriveStatus, hasEnded, isLanded, meetsDependency, taskStatuses, type TaskStatus } from './status.ts';
import type { Landing, Task } from './task.ts';

const now = 1_000;
const queue: Landing = { state: 'queued', commit: 'c', queuedAt: 1, begunAt: null, landedAs: null, landedAt: null };

/** From the fact that wins over all others to the one that counts last; each row also has all facts of the rows below it. */
const layers: [status: TaskStatus, facts: Partial<Task>][] = [
  ['cancelled', { closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } }],
  ['landed', { closed: { as: 'completed', why: '', by: 'ann', at: 1 } }],
  ['landed', { closed: null, landing: { ...queue, state: 'landed', landedAs: 'd', landedAt: 2 } }],
  ['needs-you', { landing: queue, inbox: { kind: 'stuck', reason: '', token: null, at: 1 } }],
  ['landing', { inbox: null, landing: queue }],
  ['done', { landing: null, evidence: evidenceOf(1) }],
  ['running', { evidence: null, claim: claimOf('claude-1', 1) }],
  ['waiting', { claim: null, hold: { why: '', by: 'ann', at: 1 } }],
];

test('the status is the first fact that holds, in the order of docs/states.md', () => {
  let facts: Partial<Task> = { retryAt: now + 1 };
  for (const [status, more] of layers.toReversed()) {
    facts = { ...facts, ...more };
    expect([status, deriveStatus(taskWith(facts), 1, now)]).toEqual([status, status]);
  }
});

/** [what, facts, unmet, status] */
const rows: [string, Partial<Task>, number, TaskStatus][] = [
  ['nothing known', {}, 0, 'ready'],
  ['dependencies open', {}, 2, 'blocked'],
  ['dependencies open and resting', { retryAt: now + 1 }, 1, 'blocked'],
  ['resting', { retryAt: now + 1 }, 0, 'waiting'],
  ['rested to the millisecond', { retryAt: now }, 0, 'ready'],
  ['complete without changes', { evidence: evidenceOf(1, { commit: null }) }, 0, 'landed'],
  ['merged by its pull request', { evidence: evidenceOf(1), pr: { number: 1, status: 'merged' } }, 0, 'landed'],
  ['A4 its pull request only approved', { evidence: evidenceOf(1), pr: { number: 1, status: 'approved' } }, 0, 'done'],
  ['a merged pull request without proven work', { pr: { number: 1, status: 'merged' } }, 0, 'ready'],
];

for (const [what, facts, unmet, status] of rows) {
  test(`status: ${what}: ${status}`, () => {
    expect(deriveStatus(taskWith(facts), unmet, now)).toBe(status);
  });
}

test('every status can be reached', () => {
  expect(new Set([...layers.map(([status]) => status), ...rows.map(([, , , status]) => status)])).toEqual(
    new Set(taskStatuses),
  );
});

/** [what, facts, met where done unblocks, met where landed unblocks, ended] */
const meeting: [string, Partial<Task>, boolean, boolean, boolean][] = [
  ['open', {}, false, false, false],
  ['running', { claim: claimOf('claude-1', 1) }, false, false, false],
  ['done', { evidence: evidenceOf(1) }, true, false, false],
  [
    'done, pull request rejected',
    { evidence: evidenceOf(1), pr: { number: 1, status: 'rejected' } },
    true,
    false,
    false,
  ],
  ['in the landing queue', { evidence: evidenceOf(1), landing: queue }, true, false, false],
  ['landed', { evidence: evidenceOf(1), landing: { ...queue, state: 'landed' } }, true, true, true],
  ['complete without changes', { evidence: evidenceOf(1, { commit: null }) }, true, true, true],
  ['merged', { evidence: evidenceOf(1), pr: { number: 1, status: 'merged' } }, true, true, true],
  ['closed by hand', { closed: { as: 'completed', why: '', by: 'ann', at: 1 } }, true, true, true],
  ['cancelled', { closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } }, false, false, true],
  [
    'cancelled though done',
    { closed: { as: 'cancelled', why: '', by: 'ann', at: 1 }, evidence: evidenceOf(1) },
    false,
    false,
    true,
  ],
];

for (const [what, facts, done, landed, ended] of meeting) {
  test(`A4 a dependency ${what}: met by done ${done}, by landed ${landed}`, () => {
    const task = taskWith(facts);
    expect([meetsDependency(task, 'done'), meetsDependency(task, 'landed'), hasEnded(task)]).toEqual([
      done,
      landed,
      ended,
    ]);
    expect(isLanded(task) && !hasEnded(task)).toBe(false);
  });
}
