import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerBoundMs, type BoundTask } from './bounds.ts';
import type { TaskKey } from './id.ts';
import { scoreTasks } from './order.ts';
import { simulateSchedule, type Schedule } from './schedule.ts';

function task(id: string, durationMs: number, fields: { needs?: string[]; scope?: string[] } = {}): BoundTask {
  const dependencies = (fields.needs ?? []).map((need): TaskKey => `p/${need}`);
  return { key: `p/${id}`, dependencies, durationMs, scope: fields.scope ?? [] };
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const anyTasks = fc.tuple(
  ...ids.map((id, index) =>
    fc
      .record({
        needs: fc.subarray(ids.slice(0, index), { maxLength: Math.min(2, index) }),
        scope: fc.subarray(['x', 'y']),
        ms: fc.integer({ min: 1, max: 9 }),
      })
      .map(({ ms, ...fields }) => task(id, ms, fields)),
  ),
);

const byScore = (open: readonly BoundTask[]): Map<TaskKey, number> =>
  scoreTasks(
    open.map((one) => ({
      ...one,
      estimateMs: one.durationMs,
      kind: 'implement' as const,
      priority: 0,
      open: true,
      readyAt: null,
    })),
    { now: 0 },
  );

function run(tasks: readonly BoundTask[], slots: number): Schedule {
  return simulateSchedule(tasks, { slots, rank: byScore, rerank: true });
}

test('I13, I14, I16 a run on paper keeps dependencies, paths and slots, and no run beats the lower bound', () => {
  fc.assert(
    fc.property(anyTasks, fc.integer({ min: 1, max: 4 }), (tasks, slots) => {
      const { runs, makespanMs, sequentialMs } = run(tasks, slots);
      expect(runs.map((one) => one.key).toSorted()).toEqual(tasks.map((one) => one.key));
      const runOf = new Map(runs.map((one) => [one.key, one]));
      for (const one of tasks) {
        const own = runOf.get(one.key);
        for (const needed of one.dependencies) expect(runOf.get(needed)?.endMs).toBeLessThanOrEqual(own?.startMs ?? -1);
        for (const other of tasks) {
          const theirs = runOf.get(other.key);
          if (other === one || own === undefined || theirs === undefined) continue;
          const together = own.startMs < theirs.endMs && theirs.startMs < own.endMs;
          const clash = own.slot === theirs.slot || one.scope.some((entry) => other.scope.includes(entry));
          expect(together && clash).toBe(false);
        }
      }
      const { boundMs, criticalPathMs } = lowerBoundMs(tasks, slots);
      expect(boundMs).toBeLessThanOrEqual(makespanMs + 1e-9);
      expect(criticalPathMs).toBeLessThanOrEqual(boundMs);
      expect(boundMs * slots).toBeGreaterThanOrEqual(sequentialMs - 1e-9);
      expect(makespanMs).toBeLessThanOrEqual(sequentialMs);
    }),
  );
});

test('no slot stays idle while a ready task with free paths exists', () => {
  fc.assert(
    fc.property(anyTasks, fc.integer({ min: 1, max: 4 }), (tasks, slots) => {
      const { runs } = run(tasks, slots);
      const runOf = new Map(runs.map((one) => [one.key, one]));
      for (const one of tasks) {
        const start = runOf.get(one.key)?.startMs ?? 0;
        const readyAt = Math.max(0, ...one.dependencies.map((key) => runOf.get(key)?.endMs ?? 0));
        for (let at = readyAt; at < start; at += 1) {
          const live = runs.filter((other) => other.startMs <= at && at < other.endMs);
          const held = tasks.some(
            (other) =>
              live.some((each) => each.key === other.key) && other.scope.some((entry) => one.scope.includes(entry)),
          );
          expect(held || live.length === slots).toBe(true);
        }
      }
    }),
  );
});

test('the bounds name what limits: the chain, the slots, or the path everybody writes', () => {
  const chain = [task('a', 5), task('b', 5, { needs: ['a'] }), task('c', 1)];
  expect(lowerBoundMs(chain, 2)).toMatchObject({ boundMs: 10, criticalPathMs: 10, hottest: null });
  const wide = ids.map((id) => task(id, 10));
  expect(lowerBoundMs(wide, 4)).toMatchObject({ boundMs: 20, slotsMs: 20, criticalPathMs: 10 });
  const hot = ids.map((id) => task(id, 10, { scope: ['./router.ts', `${id}.ts`] }));
  expect(lowerBoundMs(hot, 4)).toMatchObject({ boundMs: 80, pathMs: 80, hottest: 'router.ts' });
  // Serial head and tail around a wide middle: 10 before and 10 behind are added to the work between.
  const waist = [
    task('head', 10),
    ...ids.map((id) => task(id, 10, { needs: ['head'] })),
    task('tail', 10, { needs: ids }),
  ];
  expect(lowerBoundMs(waist, 4).boundMs).toBe(40);
  expect(lowerBoundMs([], 4)).toMatchObject({ boundMs: 0, hottest: null });
});

test('E3 the score begins the long chain first, where first come first served does not', () => {
  const tasks = [
    task('x', 4),
    task('y', 4),
    task('a', 3),
    task('b', 3, { needs: ['a'] }),
    task('c', 3, { needs: ['b'] }),
  ];
  expect(run(tasks, 2).makespanMs).toBe(9);
  expect(simulateSchedule(tasks, { slots: 2, rank: () => new Map(), rerank: false }).makespanMs).toBe(13);
});

test('a ring is left out of the run instead of hanging it', () => {
  const { runs, makespanMs } = run([task('a', 5, { needs: ['b'] }), task('b', 5, { needs: ['a'] }), task('c', 2)], 2);
  expect(runs.map((one) => one.key)).toEqual(['p/c']);
  expect(makespanMs).toBe(2);
});
