/** Independent tasks: none of a set needs another one, and no two may write the same path (D2, E8). */
import type { TaskKey } from './id.ts';
import { scopesOverlap } from './scope.ts';

export interface SetTask {
  key: TaskKey;
  dependencies: readonly TaskKey[];
  scope: readonly string[];
}

/** Two tasks that cannot be worked on side by side. */
export interface Clash {
  one: TaskKey;
  other: TaskKey;
  /** `needs`: `one` depends on `other`. `overlaps`: both may write some path. */
  why: 'needs' | 'overlaps';
}

/** Every pair that stands in each other's way; none: the set is independent. @param shared globs that several attempts may write at once. */
export function clashesIn(tasks: readonly SetTask[], shared: readonly string[] = []): Clash[] {
  return tasks.flatMap((task, index) => tasks.slice(index + 1).flatMap((other) => clashOf(task, other, shared) ?? []));
}

/**
 * The first tasks of an ordered list that are independent of each other: each that clashes with one chosen before is left out.
 * @param max how many at most.
 */
export function independentFirst<T extends SetTask>(
  tasks: readonly T[],
  max: number,
  shared: readonly string[] = [],
): T[] {
  const chosen: T[] = [];
  for (const task of tasks) {
    if (chosen.length >= max) break;
    if (chosen.every((other) => clashOf(task, other, shared) === null)) chosen.push(task);
  }
  return chosen;
}

function clashOf(task: SetTask, other: SetTask, shared: readonly string[]): Clash | null {
  if (task.dependencies.includes(other.key)) return { one: task.key, other: other.key, why: 'needs' };
  if (other.dependencies.includes(task.key)) return { one: other.key, other: task.key, why: 'needs' };
  return scopesOverlap(task.scope, other.scope, shared) ? { one: task.key, other: other.key, why: 'overlaps' } : null;
}
