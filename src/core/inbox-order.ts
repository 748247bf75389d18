/**
 * Which of the tasks that wait for a person comes first, by the one rank of `inbox-rank.ts`. Pure.
 */
import { countBehind } from './graph.ts';
import { inboxRank, taskRisk } from './inbox-rank.ts';
import { hasEnded } from './status.ts';
import type { Task } from './task.ts';

export interface InboxPlace {
  task: Task;
  /** Open tasks that wait for it, over any number of steps. */
  behind: number;
  /** Larger is sooner. */
  rank: number;
}

/** Tasks that wait for a person, the most urgent first; equal ones in the order given. @param tasks all that may depend on them. */
export function inboxOrder(tasks: readonly Task[], now: number): InboxPlace[] {
  const open = tasks.filter((task) => !hasEnded(task));
  const waiting = open.flatMap((task) => (task.inbox === null ? [] : [{ task, inbox: task.inbox }]));
  if (waiting.length === 0) return [];
  const graph = new Map(open.map(({ key, dependencies }) => [key, dependencies]));
  const counts = countBehind(
    graph,
    waiting.map(({ task }) => [task.key]),
  );
  const places = waiting.map(({ task, inbox }, index) => {
    const behind = counts[index] ?? 0;
    const rank = inboxRank({ blocks: behind, ageMs: now - inbox.at, risk: taskRisk(inbox.kind) });
    return { task, behind, rank };
  });
  return places.sort((a, b) => b.rank - a.rank);
}
