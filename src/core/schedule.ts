/**
 * A whole run on paper: list scheduling by score.
 *
 * Owns what would happen if every task took its duration: whenever a slot is free, the ready task with the largest score
 * whose paths are free begins. Never idle while such a task exists, never two holders of a path. The benchmark compares
 * it with `bounds.ts`; a plan view and a run's summary tell with it what working side by side saves.
 */
import type { BoundTask } from './bounds.ts';
import { dependantsOf } from './graph.ts';
import type { TaskKey } from './id.ts';
import { tidyEntry } from './scope.ts';

export interface ScheduleOptions {
  slots: number;
  /** The scores of the tasks that have not ended; missing ones count as 0. Equals go in the order given. */
  rank: (open: readonly BoundTask[]) => ReadonlyMap<TaskKey, number>;
  /** Whether `rank` is asked again at each end of a task, as the coordinator does, or once. */
  rerank: boolean;
}

export interface ScheduledTask {
  key: TaskKey;
  startMs: number;
  endMs: number;
  /** 0 to slots - 1. */
  slot: number;
}

export interface Schedule {
  makespanMs: number;
  /** All work one after another. */
  sequentialMs: number;
  /** In the order of their starts. Tasks on or above a ring of dependencies never start. */
  runs: ScheduledTask[];
}

export function simulateSchedule(tasks: readonly BoundTask[], { slots, rank, rerank }: ScheduleOptions): Schedule {
  const board = new Board(tasks, slots);
  let scores = rank(tasks);
  for (;;) {
    board.start(scores);
    if (!board.finishNext()) break;
    if (rerank) scores = rank(board.open());
  }
  const makespanMs = board.runs.reduce((latest, run) => Math.max(latest, run.endMs), 0);
  return { makespanMs, sequentialMs: tasks.reduce((sum, task) => sum + task.durationMs, 0), runs: board.runs };
}

/** The state of the run: what is ready, what runs where, which paths are held. */
class Board {
  readonly runs: ScheduledTask[] = [];
  readonly #tasks: readonly BoundTask[];
  readonly #place: ReadonlyMap<TaskKey, number>;
  readonly #dependants: ReadonlyMap<TaskKey, readonly TaskKey[]>;
  readonly #entries: readonly (readonly string[])[];
  readonly #unmet: number[];
  readonly #ended = new Set<TaskKey>();
  readonly #held = new Set<string>();
  #ready: number[];
  #running: ScheduledTask[] = [];
  #freeSlots: number[];
  #now = 0;

  constructor(tasks: readonly BoundTask[], slots: number) {
    const graph = new Map(tasks.map((task) => [task.key, task.dependencies]));
    this.#tasks = tasks;
    this.#place = new Map(tasks.map((task, index) => [task.key, index]));
    this.#dependants = dependantsOf(graph);
    this.#entries = tasks.map((task) => [...new Set(task.scope.map(tidyEntry))]);
    this.#unmet = tasks.map((task) => [...new Set(task.dependencies)].filter((key) => graph.has(key)).length);
    this.#ready = tasks.flatMap((_, index) => (this.#unmet[index] === 0 ? [index] : []));
    this.#freeSlots = Array.from({ length: slots }, (_, index) => slots - 1 - index);
  }

  open(): BoundTask[] {
    return this.#tasks.filter((task) => !this.#ended.has(task.key));
  }

  /** Fills the free slots, best score first; a task whose path is held lets the next one go ahead. */
  start(scores: ReadonlyMap<TaskKey, number>): void {
    if (this.#freeSlots.length === 0) return;
    const scoreOf = (index: number): number => scores.get(this.#tasks[index]?.key ?? '/') ?? 0;
    this.#ready.sort((a, b) => scoreOf(b) - scoreOf(a) || a - b);
    this.#ready = this.#ready.filter((index) => {
      const task = this.#tasks[index];
      const entries = this.#entries[index] ?? [];
      if (task === undefined || entries.some((entry) => this.#held.has(entry))) return true;
      const slot = this.#freeSlots.pop();
      if (slot === undefined) return true;
      for (const entry of entries) this.#held.add(entry);
      const run = { key: task.key, startMs: this.#now, endMs: this.#now + task.durationMs, slot };
      this.runs.push(run);
      this.#running.push(run);
      return false;
    });
  }

  /** Goes on to the next end of a task; `false` when nothing runs. */
  finishNext(): boolean {
    if (this.#running.length === 0) return false;
    this.#now = this.#running.reduce((soonest, run) => Math.min(soonest, run.endMs), Infinity);
    const ending = this.#running.filter((run) => run.endMs <= this.#now);
    this.#running = this.#running.filter((run) => run.endMs > this.#now);
    for (const { key, slot } of ending) {
      this.#freeSlots.push(slot);
      this.#ended.add(key);
      for (const entry of this.#entries[this.#place.get(key) ?? -1] ?? []) this.#held.delete(entry);
      for (const dependant of this.#dependants.get(key) ?? []) this.#meet(this.#place.get(dependant) ?? -1);
    }
    return true;
  }

  #meet(index: number): void {
    const left = (this.#unmet[index] ?? 0) - 1;
    this.#unmet[index] = left;
    if (left === 0) this.#ready.push(index);
  }
}
