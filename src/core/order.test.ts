import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftOf, draftTask } from '../../test/support/core-samples.ts';
import type { TaskKey } from './id.ts';
import { limits } from './limits.ts';
import { rankTasks, scoreDraft, scoreTasks, type OrderTask } from './order.ts';

function task(
  id: string,
  fields: Partial<Omit<OrderTask, 'key' | 'dependencies'>> & { needs?: string[] } = {},
): OrderTask {
  const { needs = [], ...rest } = fields;
  return {
    key: `p/${id}`,
    dependencies: needs.map((need): TaskKey => `p/${need}`),
    estimateMs: 10,
    kind: 'implement',
    priority: 0,
    scope: [],
    open: true,
    readyAt: null,
    ...rest,
  };
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Edges go to earlier tasks only. */
const anyTasks = fc.tuple(
  ...ids.map((id, index) =>
    fc
      .record({
        needs: fc.subarray(ids.slice(0, index)),
        estimateMs: fc.option(fc.integer({ min: 1, max: 100 })),
        priority: fc.integer({ min: -2, max: 2 }),
        scope: fc.subarray(['x', './y', 'z/']),
        open: fc.boolean(),
        readyAt: fc.option(fc.nat({ max: 1000 })),
      })
      .map((fields) => task(id, fields)),
  ),
);

test('E3 the score is the longest chain, the hottest path, priority and waiting, as defined', () => {
  fc.assert(
    fc.property(anyTasks, (tasks) => {
      const now = 500;
      const { scores, scoreParts } = rankTasks(tasks, { now, meanMs: { implement: 7 } });
      const open = tasks.filter((one) => one.open);
      const duration = (one: OrderTask): number => one.estimateMs ?? 7;
      const dependants = (one: OrderTask): OrderTask[] => open.filter((other) => other.dependencies.includes(one.key));
      const bottom = (one: OrderTask): number => duration(one) + Math.max(0, ...dependants(one).map(bottom));
      const urgency = (one: OrderTask): number => Math.max(one.priority, ...dependants(one).map(urgency));
      const sum = (some: OrderTask[]): number =>
        some.length < 2 ? 0 : some.reduce((all, one) => all + duration(one), 0);
      for (const one of tasks) {
        const parts = scoreParts(one.key);
        expect(scores.get(one.key)).toBe(one.open ? parts?.score : undefined);
        if (parts === null) continue;
        expect(parts).toMatchObject({
          bottomMs: bottom(one),
          hottestMs: Math.max(0, ...one.scope.map((entry) => sum(open.filter((other) => other.scope.includes(entry))))),
          priorityMs: urgency(one) * limits.priorityPointMs,
          ageMs: Math.round(Math.max(0, now - (one.readyAt ?? now)) * limits.ageingShare),
          score: parts.bottomMs + parts.hottestMs + parts.priorityMs + parts.ageMs,
        });
      }
    }),
  );
});

test('E3 the order in which tasks are given changes no score', () => {
  fc.assert(
    fc.property(
      anyTasks.chain((tasks) => fc.tuple(fc.constant(tasks), fc.shuffledSubarray(tasks, { minLength: tasks.length }))),
      ([tasks, shuffled]) => {
        const scores = scoreTasks(tasks, { now: 9 });
        const others = scoreTasks(shuffled, { now: 9 });
        for (const [key, score] of scores) expect(others.get(key)).toBe(score);
        expect(others.size).toBe(scores.size);
      },
    ),
  );
});

test('E3 the path that most work is queued on is named; shared and private ones do not count', () => {
  const tasks = [
    task('a', { scope: ['router.ts', 'lock.json', 'a.ts'], estimateMs: 1 }),
    task('b', { scope: ['./router.ts', 'lock.json'], estimateMs: 2 }),
    task('c', { scope: ['lock.json', 'other.ts'], estimateMs: 4 }),
    task('d', { scope: ['d.ts'], estimateMs: 8 }),
  ];
  const { scoreParts } = rankTasks(tasks, { now: 0, shared: ['lock.json'] });
  expect(scoreParts('p/a')).toMatchObject({ hottest: 'router.ts', hottestMs: 3 });
  expect(scoreParts('p/c')).toMatchObject({ hottest: null, hottestMs: 0 });
  expect(scoreParts('p/d')).toMatchObject({ hottest: null, hottestMs: 0 });
  expect(scoreParts('p/none')).toBeNull();
});

test('ageing is bounded, and a clock that went back takes nothing away', () => {
  const parts = (readyAt: number): number | undefined =>
    rankTasks([task('a', { readyAt })], { now: 1e12 }).scoreParts('p/a')?.ageMs;
  expect(parts(0)).toBe(limits.ageingMsMax * limits.ageingShare);
  expect(parts(2e12)).toBe(0);
});

test('a kind without history takes the assumed duration, and a ring ends the walk', () => {
  const tasks = [task('a', { estimateMs: null }), task('b', { needs: ['c'] }), task('c', { needs: ['b'] })];
  const scores = scoreTasks(tasks, { now: 0 });
  expect(scores.get('p/a')).toBe(limits.assumedTaskMs);
  expect(scores.size).toBe(3);
});

test('a draft is ranked before anything of it is stored', () => {
  const draft = draftOf([
    draftTask('T1', { estimateMs: 1 }),
    draftTask('T2', { estimateMs: 2, dependencies: ['T1'] }),
    draftTask('T3', { estimateMs: 4, dependencies: ['T2', 'other/T1'] }),
    draftTask('T0', { ticked: true }),
  ]);
  expect([...scoreDraft(draft)]).toEqual([
    ['T1', 7],
    ['T2', 6],
    ['T3', 4],
  ]);
});

test('100,000 tasks with scopes are ranked, deepest first', () => {
  const tasks = Array.from({ length: 100_000 }, (_, index) =>
    task(`t${index}`, {
      needs: index === 0 ? [] : [`t${index - 1}`, `t${index >> 1}`],
      scope: [`src/${index % 300}`, `lib/${index % 7}`],
    }),
  );
  const scores = scoreTasks(tasks, { now: 0 });
  expect(scores.get('p/t0')).toBeGreaterThan(scores.get('p/t99999') ?? Infinity);
});
