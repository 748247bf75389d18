/**
 * Bounds: how fast a set of tasks could be done at best.
 *
 * Owns the lower bounds on the time of a whole run. They serve the benchmark and the advice that more agents would not
 * help. `schedule.ts` has the run that is compared with them.
 */
import { dependantsOf, topologicalOrder, type Graph } from './graph.ts';
import type { TaskKey } from './id.ts';
import { tidyEntry } from './scope.ts';

export interface BoundTask {
  key: TaskKey;
  dependencies: readonly TaskKey[];
  durationMs: number;
  /** Entries are paths that one task at a time may write, compared by their text. */
  scope: readonly string[];
}

export interface LowerBound {
  /** No run is shorter. */
  boundMs: number;
  criticalPathMs: number;
  /** From work, slots and the chains before and behind it. */
  slotsMs: number;
  /** From the work on one path, which is done one after another. */
  pathMs: number;
  /** The path that gives `pathMs`; where it sets the bound, more agents do not help. */
  hottest: string | null;
}

/** Chains are told apart by this many different starts at most; fewer give a looser bound, never a wrong one. */
const headsMax = 256;

/**
 * The largest of three bounds: the critical path; over all pairs (a, b) a + b + the work of all tasks that cannot begin
 * before a nor be the last b of the run, divided by the slots; and the same with one slot over the tasks of one path.
 */
export function lowerBoundMs(tasks: readonly BoundTask[], slots: number): LowerBound {
  const edges = edgesOf(tasks);
  const criticalPathMs = edges.reduce((most, one) => Math.max(most, one.head + one.durationMs + one.tail), 0);
  const slotsMs = boundOver(edges, slots);
  const byPath = new Map<string, Edges[]>();
  for (const one of edges) {
    for (const entry of one.entries) {
      const some = byPath.get(entry);
      if (some === undefined) byPath.set(entry, [one]);
      else some.push(one);
    }
  }
  let pathMs = 0;
  let hottest: string | null = null;
  for (const [entry, some] of byPath) {
    const bound = boundOver(some, 1);
    if (bound <= pathMs) continue;
    pathMs = bound;
    hottest = entry;
  }
  return { boundMs: Math.max(criticalPathMs, slotsMs, pathMs), criticalPathMs, slotsMs, pathMs, hottest };
}

interface Edges {
  durationMs: number;
  /** The longest chain before the task begins. */
  head: number;
  /** The longest chain behind its end. */
  tail: number;
  entries: ReadonlySet<string>;
}

function edgesOf(tasks: readonly BoundTask[]): Edges[] {
  const graph = new Map(tasks.map((task) => [task.key, task.dependencies]));
  const durations = new Map(tasks.map((task) => [task.key, task.durationMs]));
  const heads = longestBefore(graph, durations);
  const tails = longestBefore(dependantsOf(graph), durations);
  return tasks.map(({ key, durationMs, scope }) => ({
    durationMs,
    head: heads.get(key) ?? 0,
    tail: tails.get(key) ?? 0,
    entries: new Set(scope.map(tidyEntry)),
  }));
}

function longestBefore(graph: Graph<TaskKey>, durations: ReadonlyMap<TaskKey, number>): Map<TaskKey, number> {
  const before = new Map<TaskKey, number>();
  for (const key of topologicalOrder(graph)) {
    let longest = 0;
    for (const needed of graph.get(key) ?? []) {
      longest = Math.max(longest, (before.get(needed) ?? 0) + (durations.get(needed) ?? 0));
    }
    before.set(key, longest);
  }
  return before;
}

/** For each start a, lets b fall from tail to tail while the work behind both adds up. */
function boundOver(edges: readonly Edges[], slots: number): number {
  const byTail = edges.toSorted((x, y) => y.tail - x.tail);
  const heads = [...new Set(edges.map((one) => one.head))].toSorted((x, y) => x - y);
  const step = Math.ceil(heads.length / headsMax);
  let bound = 0;
  for (let index = 0; index < heads.length; index += step) {
    const head = heads[index] ?? 0;
    let work = 0;
    for (const one of byTail) {
      if (one.head < head) continue;
      work += one.durationMs;
      bound = Math.max(bound, head + one.tail + work / slots);
    }
  }
  return bound;
}
