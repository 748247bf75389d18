/** Concurrency: whether a set of tasks can be worked on side by side at all (E8). */
import type { TaskKey } from './id.ts';
import { meetingEntries } from './overlap.ts';
import { tidyEntry } from './scope.ts';

export type ConcurrencyMode = 'sequential' | 'parallel-async' | 'parallel-threads';

/** From this many independent tasks on, agents get processes of their own side by side. */
const threadsMin = 5;

/**
 * `sequential` when one of the tasks depends on another, or two may write the same path, or there is one task only;
 * `parallel-async` for 2 to 4 independent tasks, `parallel-threads` for 5 or more.
 * @param shared globs that several attempts may write at once.
 */
export function concurrencyMode(
  tasks: readonly { key: TaskKey; dependencies: readonly TaskKey[]; scope: readonly string[] }[],
  shared: readonly string[] = [],
): ConcurrencyMode {
  if (tasks.length < 2) return 'sequential';
  const graph = new Map(tasks.map((task) => [task.key, task.dependencies]));
  const isOrdered = tasks.some((task) => task.dependencies.some((key) => graph.has(key)));
  if (
    isOrdered ||
    haveOverlap(
      tasks.map((task) => task.scope),
      shared,
    )
  )
    return 'sequential';
  return tasks.length < threadsMin ? 'parallel-async' : 'parallel-threads';
}

function haveOverlap(scopes: readonly (readonly string[])[], shared: readonly string[]): boolean {
  const meeting = meetingEntries(scopes.flat(), shared);
  const owner = new Map<string, number>();
  for (const [index, scope] of scopes.entries()) {
    for (const entry of scope.map(tidyEntry)) {
      if (!meeting.has(entry)) continue;
      if ((owner.get(entry) ?? index) !== index) return true;
      owner.set(entry, index);
    }
  }
  return [...meeting].some(([entry, others]) => others.some((other) => owner.get(other) !== owner.get(entry)));
}
