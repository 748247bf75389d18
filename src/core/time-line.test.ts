import { property, assert, array, integer, record } from 'fast-check';
import { expect, test } from 'vitest';
import { attemptOf, taskWith } from '../../test/support/core-samples.ts';
import type { Attempt } from './attempt.ts';
import type { TaskKey } from './id.ts';
import type { Task } from './task.ts';
import { adviceOn, timeLine } from './time-line.ts';

function task(id: string, fields: Partial<Task> = {}): Task {
  return taskWith({ id, key: `001/${id}`, plan: '001', title: id, ...fields });
}

function tried(id: string, token: number, [startedAt, endedAt, outcome]: [number, number | null, 'failed'?]): Attempt {
  const ended = endedAt === null ? null : (outcome ?? 'done');
  return { ...attemptOf(`001/${id}`, token), agent: 'a-1', startedAt, endedAt, outcome: ended };
}

const landed = (at: number): Partial<Task> => ({
  landing: { state: 'landed', commit: 'c', queuedAt: 0, begunAt: null, landedAs: 'l', landedAt: at },
});

test('A9 the chain that set the end is walked back to the dependency that finished last, and its parts sum up', () => {
  const tasks = [
    task('A', { doneAt: 100 }),
    task('B', { doneAt: 300 }),
    task('C', { doneAt: 900, dependencies: ['001/A', '001/B'], ...landed(1_000) }),
    task('D', { doneAt: 950, dependencies: ['001/A'], ...landed(960) }),
  ];
  const line = timeLine(
    tasks,
    [
      tried('A', 1, [0, 100]),
      tried('B', 2, [50, 150, 'failed']),
      tried('B', 3, [200, 300]),
      tried('C', 4, [450, 900]),
      tried('D', 5, [500, 950]),
    ],
    { now: 2_000, unblock: 'done' },
  );
  expect([line.from, line.to]).toEqual([0, 1_000]);
  expect(line.chain).toEqual([
    { task: '001/B', waitedMs: 50, workedMs: 100, retriedMs: 150, landingMs: 0 },
    { task: '001/C', waitedMs: 150, workedMs: 450, retriedMs: 0, landingMs: 100 },
  ]);
  expect(line.tasks.map(({ task: key, onChain, bars }) => [key, onChain, bars.length])).toEqual([
    ['001/A', false, 1],
    ['001/B', true, 2],
    ['001/C', true, 1],
    ['001/D', false, 1],
  ]);
  expect(adviceOn(line)).toEqual([
    '55 % of the way to the end: it was work itself, most in C: smaller tasks with fewer dependencies would help',
    '20 % of the way to the end: tasks that were ready waited for an agent, or for paths that others wrote: more slots or narrower scopes would help',
    '15 % of the way to the end: attempts failed or waited to be tried again, most in B: orbit why tells of what',
    '10 % of the way to the end: it was landing: faster checks or more landing.lanes would help',
  ]);
});

test('A9 A4 where dependants wait for the landing, that wait is landing and not a lack of agents', () => {
  const tasks = [task('A', { doneAt: 100, ...landed(400) }), task('B', { doneAt: 600, dependencies: ['001/A'] })];
  const attempts = [tried('A', 1, [0, 100]), tried('B', 2, [450, 600])];
  const [early, late] = (['done', 'landed'] as const).map((unblock) =>
    timeLine(tasks, attempts, { now: 900, unblock }),
  );
  expect(early?.lost).toEqual({ waitedMs: 350, workedMs: 250, retriedMs: 0, landingMs: 0 });
  expect(late?.lost).toEqual({ waitedMs: 50, workedMs: 250, retriedMs: 0, landingMs: 300 });
});

test('A9 a plan that nobody worked on has no time line, a running one goes up to now', () => {
  expect(timeLine([task('A')], [], { now: 10, unblock: 'done' })).toMatchObject({ from: null, to: null, chain: [] });
  expect(adviceOn(timeLine([task('A')], [], { now: 10, unblock: 'done' }))).toEqual([]);
  expect(timeLine([task('A')], [tried('A', 1, [4, null])], { now: 10, unblock: 'done' })).toMatchObject({
    from: 4,
    to: 10,
    chain: [{ task: '001/A', waitedMs: 0, workedMs: 6, retriedMs: 0, landingMs: 0 }],
  });
});

test('A9 whatever happened, the parts of the chain are no less than nothing, and sum up to the whole where work began in order', () => {
  const step = record({
    wait: integer({ min: 0, max: 50 }),
    failed: integer({ min: 0, max: 50 }),
    work: integer({ min: 1, max: 50 }),
    landing: integer({ min: 0, max: 50 }),
  });
  assert(
    property(array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      let at = 0;
      const tasks: Task[] = [];
      const attempts: Attempt[] = [];
      steps.forEach(({ wait, failed, work, landing }, index) => {
        const start = index === 0 ? 0 : at + wait;
        const again = start + failed;
        const done = again + work;
        const before: TaskKey[] = index === 0 ? [] : [`001/T${index - 1}`];
        if (failed > 0) attempts.push(tried(`T${index}`, index * 2 + 1, [start, again, 'failed']));
        attempts.push(tried(`T${index}`, index * 2 + 2, [again, done]));
        const isLast = index === steps.length - 1;
        tasks.push(
          task(`T${index}`, { doneAt: done, dependencies: before, ...(isLast ? landed(done + landing) : {}) }),
        );
        at = done;
      });
      const { from, to, lost, chain } = timeLine(tasks, attempts, { now: at + 1_000, unblock: 'done' });
      expect(chain).toHaveLength(steps.length);
      expect(Math.min(...Object.values(lost))).toBeGreaterThanOrEqual(0);
      expect(lost.waitedMs + lost.workedMs + lost.retriedMs + lost.landingMs).toBe((to ?? 0) - (from ?? 0));
    }),
  );
});
