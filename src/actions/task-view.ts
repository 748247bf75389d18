/**
 * A task as people and scripts see it: the literal shape that `ready`, `list` and `blocked` answer with.
 *
 * Owns that shape and the one derivation of `waitingFor`; statuses come from core alone.
 */
import { keyParts, type TaskKey } from '../core/id.ts';
import type { Plan } from '../core/plan.ts';
import { deriveStatus, meetsDependency, type TaskStatus } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';

export interface TaskView {
  id: string;
  title: string;
  status: TaskStatus;
  layer: number | null;
  /** The agent that the plan wants; `null` = any. */
  agent: string | null;
  dependencies: string[];
  /** Dependencies not met yet. */
  waitingFor: string[];
  score: number;
  plan: string;
  key: TaskKey;
  kind: string;
  priority: number;
  /** Who works on it now. */
  holder: string | null;
  token: number | null;
  attempts: number;
  /** Why it waits for a person, a retry or a release, if it does. */
  reason: string | null;
  pr: number | null;
}

/** @param around tasks known already that these may depend on; others are read one by one. */
export async function viewTasks(
  context: Context,
  records: readonly TaskRecord[],
  around: readonly TaskRecord[] = records,
): Promise<TaskView[]> {
  const now = context.clock.now();
  const known = new Map<TaskKey, Task | null>(around.map(({ task }) => [task.key, task]));
  const plans = new Map<string, Plan | null>();
  const views: TaskView[] = [];
  for (const record of records) {
    const { plan } = record.task;
    if (!plans.has(plan)) plans.set(plan, await context.store.plan(plan));
    const waitingFor =
      record.unmet === 0 ? [] : await unmetOf(context, record.task, { known, plan: plans.get(plan) ?? null });
    views.push(viewTask(record, waitingFor, now));
  }
  return views;
}

async function unmetOf(
  context: Context,
  task: Task,
  { known, plan }: { known: Map<TaskKey, Task | null>; plan: Plan | null },
): Promise<TaskKey[]> {
  const unmet: TaskKey[] = [];
  for (const key of task.dependencies) {
    if (!known.has(key)) known.set(key, (await context.store.task(key))?.task ?? null);
    const other = known.get(key) ?? null;
    if (other === null || !meetsDependency(other, plan?.unblock ?? 'done')) unmet.push(key);
  }
  return unmet;
}

function viewTask({ task, unmet, score }: TaskRecord, waitingFor: readonly TaskKey[], now: number): TaskView {
  return {
    id: task.id,
    title: task.title,
    status: deriveStatus(task, unmet, now),
    layer: task.layer,
    agent: task.agent,
    dependencies: task.dependencies.map((key) => shortId(key, task.plan)),
    waitingFor: waitingFor.map((key) => shortId(key, task.plan)),
    score: Math.round(score * 1000) / 1000,
    plan: task.plan,
    key: task.key,
    kind: task.kind,
    priority: task.priority,
    holder: task.claim?.agent ?? null,
    token: task.claim?.token ?? task.evidence?.token ?? null,
    attempts: task.attempts,
    reason:
      task.inbox?.reason ??
      task.hold?.why ??
      (task.retryAt !== null && task.retryAt > now ? (task.failures.at(-1)?.reason ?? null) : null),
    pr: task.pr?.number ?? null,
  };
}

/** `T031` within its own plan, `002/T031` from another. */
export function shortId(key: TaskKey, plan: string): string {
  const parts = keyParts(key);
  return parts.plan === plan ? parts.task : key;
}
