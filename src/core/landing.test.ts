import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import type { TaskKey } from './id.ts';
import { isSettled, landingOrder, toQueue } from './landing.ts';
import type { Landing, Task } from './task.ts';

function queued(queuedAt: number, fields: Partial<Landing> = {}): Pick<Task, 'evidence' | 'landing'> {
  const landing: Landing = {
    state: 'queued',
    commit: 'c',
    queuedAt,
    begunAt: null,
    landedAs: null,
    landedAt: null,
    ...fields,
  };
  return { evidence: evidenceOf(1), landing };
}

const hold = { why: 'wait', by: 'ann', at: 1 };

/** [what, facts, whether the queue takes it up] */
const rows: [string, Partial<Task>, boolean][] = [
  ['done', { evidence: evidenceOf(1) }, true],
  ['open', {}, false],
  ['queued already', queued(1), false],
  ['nothing to land', { evidence: evidenceOf(1, { commit: null }) }, false],
  ['with a pull request', { evidence: evidenceOf(1), pr: { number: 1, status: 'approved' } }, false],
  ['A10 held', { evidence: evidenceOf(1), hold }, false],
  ['in the inbox', { evidence: evidenceOf(1), inbox: { kind: 'stuck', reason: '', token: null, at: 1 } }, false],
  ['cancelled', { evidence: evidenceOf(1), closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } }, false],
];

for (const [what, facts, expected] of rows) {
  test(`P4 ${what}: ${expected ? 'joins' : 'does not join'} the queue`, () => {
    expect(toQueue([taskWith(facts)])).toHaveLength(expected ? 1 : 0);
  });
}

test('P4 the more urgent lands first, then who was handed in first, then by name', () => {
  const tasks = [
    taskWith({ id: 'D', ...queued(5) }),
    taskWith({ id: 'C', ...queued(5), priority: 1 }),
    taskWith({ id: 'B', ...queued(5) }),
    taskWith({ id: 'A', ...queued(3) }),
  ];
  expect(landingOrder(tasks, () => true).map((task) => task.id)).toEqual(['C', 'A', 'B', 'D']);
  const conflicting = new Set<TaskKey>(['001/C', '001/A']);
  expect(landingOrder(tasks, () => true, conflicting).map((task) => task.id)).toEqual(['B', 'D', 'C', 'A']);
});

test('P4 nothing lands before what it was built on', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const anyQueue = fc.tuple(
    ...ids.map((id, index) =>
      fc
        .record({ needs: fc.subarray(ids.slice(0, index)), at: fc.nat({ max: 9 }) })
        .map(({ needs, at }) =>
          taskWith({ id, ...queued(at), dependencies: needs.map((need): TaskKey => `001/${need}`) }),
        ),
    ),
  );
  fc.assert(
    fc.property(anyQueue, fc.subarray(ids), (tasks, landed) => {
      const waiting = tasks.filter(({ id }) => !landed.includes(id));
      const order = landingOrder(waiting, (key) => landed.includes(key.slice('001/'.length))).map((task) => task.key);
      // Everything lands in the end, since there is no ring.
      expect(order.toSorted()).toEqual(waiting.map((task) => task.key).toSorted());
      const early = waiting.flatMap((task) =>
        task.dependencies.filter((key) => order.indexOf(key) > order.indexOf(task.key)),
      );
      expect(early).toEqual([]);
    }),
  );
});

test('P4 work built on what does not land stays behind with it; urgent work pulls along what it is built on', () => {
  const tasks = [
    taskWith({ id: 'A', ...queued(1), hold }),
    taskWith({ id: 'B', ...queued(2), dependencies: ['001/A'] }),
    taskWith({ id: 'C', ...queued(3) }),
    taskWith({ id: 'D', ...queued(4) }),
    taskWith({ id: 'E', ...queued(5), dependencies: ['001/D'], priority: 1 }),
  ];
  expect(landingOrder(tasks, () => false).map((task) => task.id)).toEqual(['D', 'E', 'C']);
});

test('A10 held work waits in the queue, but a landing that has begun is seen to its end', () => {
  const tasks = [taskWith({ id: 'A', ...queued(1), hold }), taskWith({ id: 'B', ...queued(2, { begunAt: 3 }), hold })];
  expect(landingOrder(tasks, () => true).map((task) => task.id)).toEqual(['B']);
});

test('what landed or was closed by hand no longer stands before others; what was cancelled does', () => {
  expect(isSettled(taskWith(queued(1, { state: 'landed' })))).toBe(true);
  expect(isSettled(taskWith({ closed: { as: 'completed', why: '', by: 'ann', at: 1 } }))).toBe(true);
  expect(isSettled(taskWith({ closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } }))).toBe(false);
  expect(isSettled(taskWith(queued(1)))).toBe(false);
});
