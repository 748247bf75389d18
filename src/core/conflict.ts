/**
 * A conflict seen ahead: two pieces of work, or one and its target, that git cannot merge as they are now (D5).
 *
 * Owns its shape and what follows from it. It is a prediction: nothing is refused because of it, the landing queue judges anew. It is
 * present only as long as both sides are the attempts that it was found between.
 */
import type { TaskKey } from './id.ts';
import { isLanded } from './status.ts';
import type { Task } from './task.ts';

export interface Conflict {
  /** Of two tasks the one whose key is smaller. */
  task: TaskKey;
  token: number;
  /** As committed, or standing for what an agent has not committed yet: then no repository has it. */
  commit: string;
  /** The other task; `null`: what is on the target. */
  other: TaskKey | null;
  otherToken: number | null;
  otherCommit: string;
  /** Paths that cannot be merged, sorted; the first {@link conflictPathsMax}. */
  paths: readonly string[];
  /** Paths that the agents were told of since it is there. */
  told: readonly string[];
  since: number;
}

/** Sender of the messages that tell agents of conflicts. No agent can have this name, because of the colon. */
export const lookoutName = 'coordinator:look-out';

/** Paths kept of one conflict: enough to act on, however large the change. */
export const conflictPathsMax = 20;

/** What happened to the stored conflicts between two looks. */
export interface ConflictChange {
  /** New, or other than stored. */
  noted: readonly Conflict[];
  ended: readonly Pick<Conflict, 'task' | 'other'>[];
}

/** One row per pair of tasks, or of a task and its target. */
export function conflictKey({ task, other }: Pick<Conflict, 'task' | 'other'>): string {
  return `${task} ${other ?? ''}`;
}

/** A conflict as one of its two tasks sees it. */
export interface ConflictSide {
  token: number;
  commit: string;
  other: TaskKey | null;
  otherToken: number | null;
  otherCommit: string;
  paths: readonly string[];
  since: number;
}

/** The conflicts that a task is part of, each seen from its side. */
export function conflictsOf(conflicts: readonly Conflict[], key: TaskKey): ConflictSide[] {
  return conflicts.flatMap((conflict) => {
    const { task, token, commit, other, otherToken, otherCommit, paths, since } = conflict;
    if (task === key) return [{ token, commit, other, otherToken, otherCommit, paths, since }];
    if (other !== key || otherToken === null) return [];
    return [
      { token: otherToken, commit: otherCommit, other: task, otherToken: token, otherCommit: commit, paths, since },
    ];
  });
}

/** Tasks whose work would not merge with that of another: they land last, so that what fits does not wait for their clash. */
export function conflictingTasks(conflicts: readonly Conflict[]): ReadonlySet<TaskKey> {
  return new Set(conflicts.flatMap(({ task, other }) => (other === null ? [] : [task, other])));
}

/** Whether the task still is at the attempt that the conflict was found at, and its work not landed. */
export function isInFlight(task: Task | null, token: number): boolean {
  if (task === null || task.closed !== null || isLanded(task)) return false;
  return (task.claim?.token ?? task.evidence?.token) === token;
}
