/**
 * The order of ready work.
 *
 * Owns the score: how much would come later if this task came later. It is the duration-weighted longest chain that hangs
 * on the task (bottom level), plus the remaining work on its most wanted path, plus what people asked for, plus a little
 * for waiting long. Larger is sooner. One pass in time linear in tasks, edges and scope entries; the order in which the
 * tasks are given changes nothing. Scores are derived: they may be recomputed at any time and are no events.
 */
import { taskKey, type TaskKey } from './id.ts';
import { limits } from './limits.ts';
import type { PlanDraft } from './plan.ts';
import { tidyEntry } from './scope.ts';
import type { TaskKind } from './task.ts';

export interface OrderTask {
  key: TaskKey;
  dependencies: readonly TaskKey[];
  estimateMs: number | null;
  kind: TaskKind;
  priority: number;
  scope: readonly string[];
  /** Its work is still to be done or under way. Others have no score and add to none. */
  open: boolean;
  /** Since when it could be claimed; `null` = it cannot, or nobody knows. */
  readyAt: number | null;
}

export interface OrderOptions {
  now: number;
  /** Mean duration of finished tasks by kind, in milliseconds; kinds never seen take `limits.assumedTaskMs`. */
  meanMs?: Partial<Record<TaskKind, number>>;
  /** Globs that several attempts may write at once: nobody queues for them. */
  shared?: readonly string[];
}

/** What a score is made of, in milliseconds, for `orbit why`. */
export interface ScoreParts {
  /** The longest chain of work from the start of this task to an end of the plan. */
  bottomMs: number;
  /** Remaining work on the path of its scope that most is queued on; 0 when nobody else wants its paths. */
  hottestMs: number;
  /** That path, `null` when `hottestMs` is 0. */
  hottest: string | null;
  /** The most urgent task that waits for it counts, itself included. */
  priorityMs: number;
  ageMs: number;
  score: number;
}

export interface Ranking {
  /** Of the open tasks only. */
  scores: Map<TaskKey, number>;
  /** `null` for tasks that are not open or not known. */
  scoreParts: (key: TaskKey) => ScoreParts | null;
}

/** The score of every open task; larger is sooner. */
export function scoreTasks(tasks: readonly OrderTask[], options: OrderOptions): Map<TaskKey, number> {
  return rankTasks(tasks, options).scores;
}

/** The scores of a plan before anything of it has begun, by bare id; ticked tasks have none. */
export function scoreDraft(draft: PlanDraft): Map<string, number> {
  const tasks = draft.tasks.map(({ id, dependencies, estimateMs, kind, priority, scope, ticked }): OrderTask => ({
    key: taskKey('', id),
    dependencies: dependencies.map((dependency) => taskKey('', dependency)),
    estimateMs,
    kind,
    priority,
    scope,
    open: !ticked,
    readyAt: null,
  }));
  const scores = scoreTasks(tasks, { now: 0 });
  return new Map([...scores].map(([key, score]) => [key.slice(1), score]));
}

export function rankTasks(tasks: readonly OrderTask[], options: OrderOptions): Ranking {
  const open = tasks.filter((task) => task.open);
  const place = new Map<TaskKey, number>();
  for (const [index, task] of open.entries()) place.set(task.key, index);
  const durationMs = open.map((task) => durationOf(task, options.meanMs ?? {}));
  const above = heaviestAbove(open, place, durationMs);
  const entries = open.map(entryReader(options.shared ?? []));
  const loads = loadsOf(entries, durationMs);
  const partsAt = (index: number): ScoreParts => {
    const task = open[index] as OrderTask;
    const bottomMs = (durationMs[index] ?? 0) + (above.chainMs[index] ?? 0);
    const { hottest, hottestMs } = hottestOf(entries[index] ?? [], loads);
    const priorityMs = (above.priority[index] ?? 0) * limits.priorityPointMs;
    const waitedMs = task.readyAt === null ? 0 : Math.max(0, options.now - task.readyAt);
    const ageMs = Math.round(Math.min(waitedMs, limits.ageingMsMax) * limits.ageingShare);
    return { bottomMs, hottestMs, hottest, priorityMs, ageMs, score: bottomMs + hottestMs + priorityMs + ageMs };
  };
  const scores = new Map<TaskKey, number>();
  for (const [index, task] of open.entries()) scores.set(task.key, partsAt(index).score);
  return {
    scores,
    scoreParts: (key) => {
      const index = place.get(key);
      return index === undefined ? null : partsAt(index);
    },
  };
}

/** How long a task is expected to take. */
function durationOf(
  { estimateMs, kind }: Pick<OrderTask, 'estimateMs' | 'kind'>,
  meanMs: Partial<Record<TaskKind, number>>,
): number {
  return Math.max(1, estimateMs ?? meanMs[kind] ?? limits.assumedTaskMs);
}

/**
 * For each task the longest chain of its dependants and the largest priority among them and itself. Peels the graph from
 * its ends, so that a task is final once all its dependants are; tasks on a ring keep what was found so far.
 */
function heaviestAbove(
  open: readonly OrderTask[],
  place: ReadonlyMap<TaskKey, number>,
  durationMs: readonly number[],
): { chainMs: number[]; priority: number[] } {
  const waiting = open.map(() => 0);
  const needs = open.map((task) => {
    const indexes: number[] = [];
    for (const key of task.dependencies) {
      const index = place.get(key);
      if (index === undefined) continue;
      indexes.push(index);
      waiting[index] = (waiting[index] ?? 0) + 1;
    }
    return indexes;
  });
  const chainMs = open.map(() => 0);
  const priority = open.map((task) => task.priority);
  const final = [...waiting.keys()].filter((index) => waiting[index] === 0);
  // The array grows while it is walked: it is the queue of tasks whose dependants are all in it.
  for (const index of final) {
    const bottomMs = (durationMs[index] ?? 0) + (chainMs[index] ?? 0);
    for (const needed of needs[index] ?? []) {
      chainMs[needed] = Math.max(chainMs[needed] ?? 0, bottomMs);
      priority[needed] = Math.max(priority[needed] ?? 0, priority[index] ?? 0);
      waiting[needed] = (waiting[needed] ?? 0) - 1;
      if (waiting[needed] === 0) final.push(needed);
    }
  }
  return { chainMs, priority };
}

/** Reads a task's scope entries in one spelling, without the shared ones. Many tasks name the same few paths. */
function entryReader(shared: readonly string[]): (task: OrderTask) => string[] {
  const free = new Set(shared.map(tidyEntry));
  const spelling = new Map<string, string>();
  return ({ scope }) => {
    const entries: string[] = [];
    for (const entry of scope) {
      let tidy = spelling.get(entry);
      if (tidy === undefined) spelling.set(entry, (tidy = tidyEntry(entry)));
      if (!free.has(tidy)) entries.push(tidy);
    }
    return entries.length > 1 && new Set(entries).size < entries.length ? [...new Set(entries)] : entries;
  };
}

interface Load {
  ms: number;
  tasks: number;
}

function loadsOf(entries: readonly (readonly string[])[], durationMs: readonly number[]): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const [index, wanted] of entries.entries()) {
    for (const entry of wanted) {
      const load = loads.get(entry);
      const ms = durationMs[index] ?? 0;
      if (load === undefined) loads.set(entry, { ms, tasks: 1 });
      else {
        load.ms += ms;
        load.tasks += 1;
      }
    }
  }
  return loads;
}

/** Paths that one task alone wants hold nobody up, so they do not count. */
function hottestOf(
  entries: readonly string[],
  loads: ReadonlyMap<string, Load>,
): { hottest: string | null; hottestMs: number } {
  let hottest: string | null = null;
  let hottestMs = 0;
  for (const entry of entries) {
    const load = loads.get(entry);
    if (load === undefined || load.tasks < 2 || load.ms <= hottestMs) continue;
    hottest = entry;
    hottestMs = load.ms;
  }
  return { hottest, hottestMs };
}
