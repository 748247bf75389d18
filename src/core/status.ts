/**
 * Status: derived from a task's facts in one place, for every surface.
 *
 * Owns the order in which facts win over each other; `docs/states.md` has the table and the picture.
 */
import type { Unblock } from './plan.ts';
import type { Task } from './task.ts';

export type TaskStatus =
  | 'blocked'
  | 'ready'
  | 'running'
  | 'done'
  | 'landing'
  | 'landed'
  | 'waiting'
  | 'needs-you'
  | 'cancelled';

export const taskStatuses: readonly TaskStatus[] = [
  'blocked',
  'ready',
  'running',
  'done',
  'landing',
  'landed',
  'waiting',
  'needs-you',
  'cancelled',
];

/** The status at `now` of a task with `unmet` open dependencies. */
export function deriveStatus(task: Task, unmet: number, now: number): TaskStatus {
  if (task.closed !== null) return task.closed.as === 'cancelled' ? 'cancelled' : 'landed';
  if (isLanded(task)) return 'landed';
  if (task.inbox !== null) return 'needs-you';
  if (task.landing !== null) return 'landing';
  if (task.evidence !== null) return 'done';
  if (task.claim !== null) return 'running';
  if (task.hold !== null) return 'waiting';
  if (unmet > 0) return 'blocked';
  if (task.retryAt !== null && task.retryAt > now) return 'waiting';
  return 'ready';
}

/** On the target, or rightly without anything to land, or merged by a person through its pull request. */
export function isLanded(task: Task): boolean {
  if (task.landing?.state === 'landed') return true;
  if (task.evidence !== null && task.evidence.commit === null) return true;
  return task.evidence !== null && task.pr?.status === 'merged';
}

/** Nothing more will happen to it by itself or by a person's answer. */
export function hasEnded(task: Task): boolean {
  return task.closed !== null || isLanded(task);
}

/** Whether a task that depends on this one may start, as far as this one is concerned (A4). */
export function meetsDependency(task: Task, unblock: Unblock): boolean {
  if (task.closed !== null) return task.closed.as === 'completed';
  if (isLanded(task)) return true;
  return unblock === 'done' && task.evidence !== null;
}
