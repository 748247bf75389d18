/**
 * How close the order of work comes to the shortest possible run: makespan over the lower bound, on paper, without agents.
 *
 * The lower bound is of the same graph (`core/bounds.ts`), so each case is a ratio by itself; rows show their geometric mean.
 */
import { lowerBoundMs, type BoundTask } from '../src/core/bounds.ts';
import type { TaskKey } from '../src/core/id.ts';
import { scoreTasks } from '../src/core/order.ts';
import { simulateSchedule } from '../src/core/schedule.ts';
import { Random } from '../test/simulation/random.ts';
import { generateGraph, lognormal, shapes, withScopes } from './graphs.ts';
import type { Figure, Measure, MeasureOptions, Row } from './measure.ts';
import { geometricMean, percentile } from './statistics.ts';

export const measure: Measure = { name: 'scheduling', run };

type Rank = (open: readonly BoundTask[]) => ReadonlyMap<TaskKey, number>;

interface Case {
  tasks: readonly BoundTask[];
  slots: number;
  seed: number;
}

async function run({ quick }: MeasureOptions): Promise<Row[]> {
  const sizes = quick ? [30, 100] : [30, 100, 300, 1_000];
  const seeds = quick ? [1, 2] : [1, 2, 3, 4];
  const graphs = shapes.flatMap((shape) =>
    sizes.flatMap((size) => seeds.map((seed) => ({ tasks: generateGraph(shape, size, seed), seed }))),
  );
  // More slots than tasks can use say nothing about the order.
  const cases = graphs.flatMap(({ tasks, seed }) =>
    [2, 4, 8, 16, 32, 64].filter((slots) => slots * 2 <= tasks.length).map((slots): Case => ({ tasks, slots, seed })),
  );
  const known = ratios(cases, () => byScore((task) => task.durationMs));
  const count = `${cases.length} runs on ${graphs.length} graphs`;
  return [
    row(`makespan over lower bound, ${count}`, known, 1.025),
    {
      what: '  its p95',
      measured: { value: percentile(known, 0.95), unit: 'x' },
      goal: { of: 'measured', most: 1.13 },
    },
    row(
      '  durations off by sigma 0.5',
      ratios(cases, ({ tasks, seed }) => byScore(guesses(tasks, seed))),
      1.037,
    ),
    row('  first come, first served (to compare)', ratios(cases, firstCome, true)),
    ...scoped(quick),
  ];
}

/** Tasks that want the same files: scores as they were at the import, as the store keeps them, or worked out again at each end. */
function scoped(quick: boolean): Row[] {
  const seeds = quick ? [1, 2, 3] : [1, 2, 3, 4, 5, 6, 7, 8];
  const casesOf = (size: number, files: number, slots: readonly number[]): Case[] =>
    seeds.flatMap((seed) => {
      const tasks = withScopes(generateGraph('random', size, seed), files, seed);
      return slots.map((count) => ({ tasks, slots: count, seed }));
    });
  const small = casesOf(60, 40, [4, 8]);
  const large = casesOf(200, 120, [4, 8]);
  const rank = (): Rank => byScore((task) => task.durationMs);
  return [
    row('  exclusive files, 60 tasks, ranked once', ratios(small, rank), 1.05),
    row('  exclusive files, 60 tasks, ranked anew at each end', ratios(small, rank, true), 1.05),
    row('  exclusive files, 200 tasks, ranked once', ratios(large, rank), 1.015),
    row('  exclusive files, 200 tasks, ranked anew at each end', ratios(large, rank, true), 1.015),
    row('  exclusive files, 200 tasks, first come (to compare)', ratios(large, firstCome, true)),
  ];
}

function row(what: string, values: readonly number[], most?: number): Row {
  const measured: Figure = { value: geometricMean(values), unit: 'x', of: 'geometric mean' };
  return { what, measured, ...(most === undefined ? {} : { goal: { of: 'measured', most } as const }) };
}

function ratios(cases: readonly Case[], rank: (one: Case) => Rank, rerank = false): number[] {
  return cases.map((one) => {
    const { makespanMs } = simulateSchedule(one.tasks, { slots: one.slots, rank: rank(one), rerank });
    return makespanMs / lowerBoundMs(one.tasks, one.slots).boundMs;
  });
}

function byScore(estimateMs: (task: BoundTask) => number): Rank {
  return (open) =>
    scoreTasks(
      open.map((task) => ({
        ...task,
        estimateMs: estimateMs(task),
        kind: 'implement',
        priority: 0,
        open: true,
        readyAt: null,
      })),
      { now: 0 },
    );
}

function guesses(tasks: readonly BoundTask[], seed: number): (task: BoundTask) => number {
  const random = new Random(seed);
  const guess = new Map(tasks.map((task) => [task.key, task.durationMs * lognormal(random, 0.5)]));
  return (task) => guess.get(task.key) ?? task.durationMs;
}

/** Whoever became ready earlier goes first: the rank is asked at each end, so it sees who is new. */
function firstCome(): Rank {
  const places = new Map<TaskKey, number>();
  return (open) => {
    const left = new Set(open.map((task) => task.key));
    for (const { key, dependencies } of open) {
      if (!places.has(key) && !dependencies.some((needed) => left.has(needed))) places.set(key, -places.size);
    }
    return new Map(open.map(({ key }) => [key, places.get(key) ?? Number.NEGATIVE_INFINITY]));
  };
}
