/**
 * Which finished work lands next. Pure: looks at a snapshot, moves nothing.
 *
 * Invariant: work never lands before what it was built on (`dependencies`), whatever the order it was finished in.
 */
import type { TaskKey } from './id.ts';
import { isLanded } from './status.ts';
import type { Task } from './task.ts';

/** Begins the subject of every commit that Orbit makes to start an attempt on unlanded work. */
export const baseSubject = 'Base with the unlanded work of ';

/** Proven work that the queue has not taken up yet. Work with a pull request lands through that; held work stays out. */
export function toQueue(tasks: readonly Task[]): Task[] {
  return tasks.filter((task) => {
    const against = [task.closed, task.inbox, task.hold, task.landing, task.pr];
    return against.every((fact) => fact === null) && hasWork(task);
  });
}

/**
 * The queue in landing order: only entries that nobody holds back and whose dependencies are all settled, first handed in
 * first.
 *
 * @param landed whether a task that is not in `tasks` has landed or was closed as completed.
 */
export function landingOrder(tasks: readonly Task[], landed: (key: TaskKey) => boolean): Task[] {
  return tasks
    .filter((task) => task.landing?.state === 'queued' && hasWork(task) && !isHeldBack(task))
    .filter((task) => task.dependencies.every(landed))
    .sort((a, b) => queuedAt(a) - queuedAt(b) || b.priority - a.priority || (a.key < b.key ? -1 : 1));
}

/** Whether a dependency no longer stands before those who built on it. */
export function isSettled(task: Task): boolean {
  return isLanded(task) || task.closed?.as === 'completed';
}

function hasWork(task: Task): boolean {
  return task.evidence !== null && task.evidence.commit !== null && !isLanded(task);
}

/** A landing that has begun is seen to its end: the target may have moved already. */
function isHeldBack({ hold, landing }: Task): boolean {
  return hold !== null && landing?.begunAt === null;
}

function queuedAt(task: Task): number {
  return task.landing?.queuedAt ?? 0;
}
