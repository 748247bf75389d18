/**
 * What finished work is judged by on its way onto the target. Validating takes minutes, and people edit tasks meanwhile: a judgement
 * counts only for what was asked for when it was made. Pure.
 *
 * Invariant: what lands was judged by the checks, dependencies and scope that are in force when its landing begins (I8, I14), and from
 * there to its end they stay.
 */
import type { TaskKey } from './id.ts';
import type { Plan } from './plan.ts';
import { reject, type Rejection } from './rejection.ts';
import type { Task, TaskDefinition } from './task.ts';

export interface JudgedBy {
  checks: readonly string[];
  /** Of the whole plan. */
  planChecks: readonly string[];
  dependencies: readonly TaskKey[];
  scope: readonly string[];
}

/** @param task and @param plan as whoever judges has read them. */
export function judgedBy({ checks, dependencies, scope }: Task, plan: Pick<Plan, 'checks'>): JudgedBy {
  return { checks, planChecks: plan.checks, dependencies, scope };
}

/** Why the judgement does not count any more, or `null`. @param planChecks those in force now. */
export function editedRefusal(task: Task, by: JudgedBy, planChecks: readonly string[]): Rejection | null {
  const edited = [
    ...editedParts(task, by),
    ...(isSameSet(planChecks, by.planChecks) ? [] : [`checks of plan ${task.plan}`]),
  ];
  if (edited.length === 0) return null;
  const what = `${task.key} was edited while it was validated (${edited.join(', ')}), so that verdict does not count`;
  return reject('task-edited', what, 'nothing to do: it is validated anew by itself');
}

/** Why the task cannot be changed to this now, or `null`: the target may have moved by its present terms already. */
export function editWhileMoving(task: Task, wanted: TaskDefinition): Rejection | null {
  const { key, landing } = task;
  if (landing === null || landing.state === 'landed' || landing.begunAt === null) return null;
  const edited = editedParts(task, wanted);
  if (edited.length === 0) return null;
  return reject(
    'landing-begun',
    `${key} is being moved onto its target at this moment, so its ${edited.join(', ')} stay as they are`,
    `look again soon: orbit show ${key}; what has landed is changed by a new task (orbit create)`,
  );
}

function editedParts(task: Task, other: Pick<TaskDefinition, 'checks' | 'dependencies' | 'scope'>): string[] {
  return (['checks', 'dependencies', 'scope'] as const).filter((part) => !isSameSet(task[part], other[part]));
}

/** Their order says nothing about what is proven. */
function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [new Set(one), new Set(other)];
  return left.size === right.size && [...left].every((item) => right.has(item));
}
