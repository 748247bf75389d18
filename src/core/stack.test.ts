/** What became of the work that somebody built on, and what follows. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimOf, evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import type { TaskKey } from './id.ts';
import {
  changesToTell,
  fateOf,
  isOnChangedBase,
  isToRestack,
  partsOfNewBase,
  stackOrder,
  tellChange,
} from './stack.ts';
import type { BaseFate, TaskLook } from './stack.ts';
import type { Landing, Task } from './task.ts';

const a1 = 'a'.repeat(40);
const a2 = 'e'.repeat(40);
const part = { task: '001/A', commit: a1 } as const;
const proven = (commit: string | null): Partial<Task> => ({ id: 'A', evidence: evidenceOf(1, { commit }) });
const queue: Landing = { state: 'queued', commit: a1, queuedAt: 1, begunAt: null, landedAs: null, landedAt: null };
const landed: Landing = { ...queue, state: 'landed', landedAs: 'd', landedAt: 2 };
const closed = (as: 'completed' | 'cancelled'): Partial<Task> => ({
  id: 'A',
  closed: { as, why: 'no', by: 'ann', at: 1 },
});

/** [what, facts of the task below, its fate] */
const fates: [string, Partial<Task> | null, BaseFate][] = [
  ['proven as it was', proven(a1), 'same'],
  ['landed as it was', { ...proven(a1), landing: landed }, 'same'],
  ['sent back', { id: 'A', evidence: null }, 'sent-back'],
  ['rejected by its pull request', { ...proven(a1), pr: { number: 3, status: 'rejected' } }, 'sent-back'],
  ['proven anew', proven(a2), 'moved'],
  ['landed otherwise', { ...proven(a2), landing: landed }, 'replaced'],
  ['done by hand', closed('completed'), 'replaced'],
  ['rightly nothing to land', proven(null), 'replaced'],
  ['cancelled', closed('cancelled'), 'cancelled'],
  ['gone', null, 'cancelled'],
];

for (const [what, facts, fate] of fates) {
  test(`A10 what was built on is ${what}: ${fate}`, () => {
    expect(fateOf(part, facts === null ? null : taskWith(facts))).toBe(fate);
  });
}

const looking =
  (...tasks: Task[]): TaskLook =>
  (key) =>
    tasks.find((task) => task.key === key) ?? null;
const onA = (fields: Partial<Task> = {}): Task =>
  taskWith({ id: 'B', dependencies: ['001/A'], evidence: evidenceOf(2, { builtOn: [part] }), ...fields });

/** [what, the task above, the task below, whether it is put onto its base anew] */
const restacks: [string, Task, Partial<Task>, boolean][] = [
  ['proven anew below', onA(), proven(a2), true],
  ['landed otherwise below', onA(), { ...proven(a2), landing: landed }, true],
  ['in the queue', onA({ landing: queue }), proven(a2), true],
  ['unchanged below', onA(), proven(a1), false],
  ['still sent back below', onA(), { id: 'A' }, false],
  ['cancelled below and needed', onA(), closed('cancelled'), false],
  ['cancelled below and no longer needed', onA({ dependencies: [] }), closed('cancelled'), false],
  ['of a neighbour below that was done anew', onA({ dependencies: [] }), proven(a2), false],
  ['moving onto the target', onA({ landing: { ...queue, begunAt: 1 } }), proven(a2), false],
  ['landed itself', onA({ landing: landed }), proven(a2), false],
  ['with a person', onA({ inbox: { kind: 'stuck', reason: '', token: null, at: 1 } }), proven(a2), false],
  ['without a commit', onA({ evidence: evidenceOf(2, { commit: null, builtOn: [part] }) }), proven(a2), false],
  ['of an earlier program, which recorded nothing', onA({ evidence: evidenceOf(2) }), proven(a2), false],
];

for (const [what, above, below, expected] of restacks) {
  test(`A10 work ${what}: ${expected ? 'is put' : 'is not put'} onto its base anew`, () => {
    expect(isToRestack(above, looking(taskWith(below)))).toBe(expected);
  });
}

test('A10 a base is whole only when all of it is proven again', () => {
  const parts = [part, { task: '001/X', commit: a1 }] as const;
  const above = onA({ dependencies: ['001/A', '001/X'], evidence: evidenceOf(2, { builtOn: parts }) });
  const a = taskWith(proven(a2));
  expect(isToRestack(above, looking(a, taskWith({ id: 'X' })))).toBe(false);
  const x = taskWith({ id: 'X', evidence: evidenceOf(5, { commit: a1 }) });
  expect(isToRestack(above, looking(a, x))).toBe(true);
  expect(partsOfNewBase(above, looking(a, x)).map(({ id }) => id)).toEqual(['A', 'X']);
  expect(isOnChangedBase(above, looking(a, x))).toBe(true);
});

test('A10 a running attempt is told of each change once, with what happened', () => {
  const running = taskWith({ id: 'B', claim: { ...claimOf('claude-1', 2), builtOn: [part] } });
  const bounced = {
    token: 1,
    agent: 'c',
    outcome: 'bounced',
    reason: 'check red',
    at: 1,
    rung: 'first',
    model: null,
  } as const;
  const [change, ...others] = changesToTell(running, looking(taskWith({ id: 'A', failures: [bounced] })));
  expect(change).toEqual({ ...part, why: 'it was sent back from landing: check red' });
  expect(others).toEqual([]);
  const told = {
    ...running,
    claim: { ...claimOf('claude-1', 2), builtOn: [part], changed: change === undefined ? [] : [change] },
  };
  expect(changesToTell(told, looking(taskWith(proven(a2))))).toEqual([]);
  expect(changesToTell(running, looking(taskWith(proven(a1))))).toEqual([]);
  expect(changesToTell(taskWith({ id: 'B', claim: claimOf('claude-1', 2) }), looking())).toEqual([]);
  expect(tellChange('B', { ...part, why: 'it was cancelled' })).toContain(
    'B began on top of A (commit aaaaaaaaaaaa), and it was cancelled',
  );
});

test('A10 a stack is taken from below, whatever order it is told in', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const stacks = fc.tuple(...ids.map((_, index) => fc.subarray(ids.slice(0, index)))).chain((belows) =>
    fc.shuffledSubarray(
      ids.map((id, index) => {
        const builtOn = (belows[index] ?? []).map((below) => ({ task: `001/${below}` as TaskKey, commit: a1 }));
        return taskWith({ id, evidence: evidenceOf(1, { builtOn }) });
      }),
    ),
  );
  fc.assert(
    fc.property(stacks, (tasks) => {
      const order = stackOrder(tasks);
      expect(new Set(order)).toEqual(new Set(tasks));
      for (const [place, task] of order.entries())
        for (const { task: below } of task.evidence?.builtOn ?? [])
          expect(order.slice(place).some(({ key }) => key === below)).toBe(false);
    }),
  );
});
