/**
 * Which of the things that wait for a person comes first (rank = what waits behind it × how long it waits × how risky it is).
 *
 * Owns that order, for every surface. Pure.
 */
import type { TaskKey } from './id.ts';
import { hasEnded } from './status.ts';
import type { InboxKind, Task } from './task.ts';

/**
 * How much harm waiting, or a hasty answer, may do: finished work before work that stands still before work given up. Weights are
 * a judgement: an approval outranks a question of the same age threefold.
 */
const weights: Readonly<Record<InboxKind, number>> = {
  approval: 6,
  refused: 4,
  conflict: 4,
  stuck: 3,
  question: 2,
  blocked: 2,
  'attempts-used': 1,
  'budget-used': 1,
  'dependency-cancelled': 1,
};

export interface InboxPlace {
  task: Task;
  /** Open tasks that cannot start before it, over any number of steps. */
  behind: number;
  /** Larger is sooner. */
  rank: number;
}

/** Tasks that wait for a person, the most urgent first; equal ones in the order given. @param tasks all that may depend on them. */
export function inboxOrder(tasks: readonly Task[], now: number): InboxPlace[] {
  const waiting = tasks.filter((task) => task.inbox !== null && !hasEnded(task));
  if (waiting.length === 0) return [];
  const dependants = new Map<TaskKey, TaskKey[]>();
  for (const { key, dependencies, evidence, closed } of tasks) {
    if (closed !== null || evidence !== null) continue;
    for (const needed of dependencies) {
      const list = dependants.get(needed);
      if (list === undefined) dependants.set(needed, [key]);
      else list.push(key);
    }
  }
  const places = waiting.map((task) => {
    const behind = countBehind(task.key, dependants);
    const minutes = Math.max(0, now - (task.inbox?.at ?? now)) / 60_000;
    const weight = task.inbox === null ? 0 : weights[task.inbox.kind];
    return { task, behind, rank: weight * (1 + behind) * (1 + minutes) };
  });
  return places.sort((a, b) => b.rank - a.rank);
}

function countBehind(key: TaskKey, dependants: ReadonlyMap<TaskKey, readonly TaskKey[]>): number {
  const seen = new Set<TaskKey>();
  const open = [key];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of dependants.get(at) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  seen.delete(key);
  return seen.size;
}
