/**
 * Ranking a plan that is under way: what is known by now about how long work takes and since when it waits.
 *
 * Pure. The score itself is `order.ts`; this makes its input from records, so that measured durations, shrinking load on a
 * path and waiting time take effect while the plan runs.
 */
import type { TaskKey } from './id.ts';
import { rankTasks, type OrderTask, type Ranking } from './order.ts';
import { hasEnded } from './status.ts';
import type { Task, TaskKind } from './task.ts';

export interface RankedTask {
  task: Task;
  unmet: number;
  /** The score it has now. */
  score: number;
}

/** A smaller change of score moves nothing that matters and is not worth a write. */
const worthWriting = 0.05;

/** New scores of open tasks, where they differ from the old ones by enough. */
export function rank(
  records: readonly RankedTask[],
  options: { now: number; shared: readonly string[] },
): Map<TaskKey, number> {
  const { scores } = ranking(records, options);
  const changed = new Map<TaskKey, number>();
  for (const { task, score } of records) {
    const next = scores.get(task.key);
    if (next !== undefined && Math.abs(next - score) > worthWriting * Math.max(1, Math.abs(score)))
      changed.set(task.key, next);
  }
  return changed;
}

/** Scores of a plan's open tasks as things stand, with the parts they are made of. */
export function ranking(records: readonly RankedTask[], options: { now: number; shared: readonly string[] }): Ranking {
  const tasks = new Map(records.map(({ task }) => [task.key, task]));
  return rankTasks(
    records.map((record) => orderTask(record, tasks)),
    { ...options, meanMs: meanDurations(records) },
  );
}

/** Mean working time of finished tasks by kind, over all their attempts, in milliseconds. */
export function meanDurations(records: readonly RankedTask[]): Partial<Record<TaskKind, number>> {
  const sums = new Map<TaskKind, { totalMs: number; count: number }>();
  for (const { task } of records) {
    if (task.evidence === null || task.spentMs <= 0) continue;
    const { totalMs, count } = sums.get(task.kind) ?? { totalMs: 0, count: 0 };
    sums.set(task.kind, { totalMs: totalMs + task.spentMs, count: count + 1 });
  }
  return Object.fromEntries([...sums].map(([kind, { totalMs, count }]) => [kind, totalMs / count]));
}

function orderTask({ task, unmet }: RankedTask, tasks: ReadonlyMap<TaskKey, Task>): OrderTask {
  const { key, dependencies, estimateMs, kind, priority, scope } = task;
  const open = task.evidence === null && !hasEnded(task);
  return {
    key,
    dependencies,
    estimateMs,
    kind,
    priority,
    scope,
    open,
    readyAt: unmet > 0 ? null : readySince(task, tasks),
  };
}

/** When the last thing that it waited for came true. */
function readySince(task: Task, tasks: ReadonlyMap<TaskKey, Task>): number {
  const met = task.dependencies.map((key) => tasks.get(key)?.doneAt ?? 0);
  return Math.max(task.createdAt, task.retryAt ?? 0, ...met);
}
