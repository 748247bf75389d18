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
 * The queue in landing order: what is not expected to conflict with other work first, of these the more urgent, then who was handed in
 * first, each behind what it is built on. Only entries that nobody holds back and whose dependencies are all settled or ahead of it.
 *
 * @param landed whether a task that is not in `tasks` has landed or was closed as completed.
 * @param conflicting tasks whose work was seen to conflict with that of others.
 */
export function landingOrder(
  tasks: readonly Task[],
  landed: (key: TaskKey) => boolean,
  conflicting: ReadonlySet<TaskKey> = new Set(),
): Task[] {
  const last = ({ key }: Task): number => (conflicting.has(key) ? 1 : 0);
  const waiting = tasks
    .filter((task) => task.landing?.state === 'queued' && hasWork(task) && !isHeldBack(task))
    .sort(
      (a, b) => last(a) - last(b) || b.priority - a.priority || queuedAt(a) - queuedAt(b) || (a.key < b.key ? -1 : 1),
    );
  const byKey = new Map(waiting.map((task) => [task.key, task]));
  const joins = new Map<TaskKey, boolean>();
  const order: Task[] = [];
  /** An urgent task pulls what it is built on along. */
  const place = (task: Task): boolean => {
    const known = joins.get(task.key);
    if (known !== undefined) return known;
    // A ring cannot be; if there were one, nobody of it would land.
    joins.set(task.key, false);
    const isFree = task.dependencies.every((key) => {
      const other = byKey.get(key);
      return landed(key) || (other !== undefined && place(other));
    });
    joins.set(task.key, isFree);
    if (isFree) order.push(task);
    return isFree;
  };
  for (const task of waiting) place(task);
  return order;
}

/** Whether a dependency no longer stands before those who built on it. */
export function isSettled(task: Task): boolean {
  return isLanded(task) || task.closed?.as === 'completed';
}

function hasWork(task: Task): boolean {
  return task.evidence !== null && task.evidence.commit !== null && !isLanded(task);
}

/** A landing that has begun is seen to its end: the target may have moved already. */
export function isHeldBack({ hold, inbox, landing }: Task): boolean {
  return (hold !== null || inbox !== null) && landing?.begunAt === null;
}

function queuedAt(task: Task): number {
  return task.landing?.queuedAt ?? 0;
}

/** The name under which the landing queue keeps a check's verdicts: told apart from those taken in an agent's workspace. */
export function landingCheck(check: string): string {
  return `landing: ${check}`;
}
