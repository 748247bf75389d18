/** Counts tasks by status, plan and agent, with the attempts and time they took. Reads only. */
import type { Plan } from '../core/plan.ts';
import { deriveStatus, taskStatuses, type TaskStatus } from '../core/status.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { syncPlans } from './sync-plan.ts';

export interface Counts {
  total: number;
  byStatus: Record<TaskStatus, number>;
  plans: readonly { plan: string; total: number; landed: number; paused: boolean }[];
  /** By the agent that finished or works on it. */
  byAgent: Readonly<Record<string, { done: number; running: number }>>;
  attempts: number;
  failures: number;
  spentMs: number;
}

export async function countTasks(context: Context, plan: string | null): Promise<Counts> {
  await (plan === null ? syncPlans(context) : requirePlan(context, plan));
  const now = context.clock.now();
  const records = await context.store.tasks(plan === null ? {} : { plan }, now);
  return countRecords(records, await context.store.plans(), now);
}

/** The same of tasks that were read already. */
export function countRecords(records: readonly TaskRecord[], known: readonly Plan[], now: number): Counts {
  const byStatus = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Counts['byStatus'];
  const byAgent: Record<string, { done: number; running: number }> = {};
  const plans = new Map<string, { total: number; landed: number }>();
  let [attempts, failures, spentMs] = [0, 0, 0];
  for (const { task, unmet } of records) {
    const status = deriveStatus(task, unmet, now);
    byStatus[status] += 1;
    attempts += task.attempts;
    failures += task.failures.length;
    spentMs += task.spentMs;
    const row = plans.get(task.plan) ?? { total: 0, landed: 0 };
    plans.set(task.plan, { total: row.total + 1, landed: row.landed + (status === 'landed' ? 1 : 0) });
    const agent = task.claim?.agent ?? task.evidence?.agent ?? null;
    if (agent === null) continue;
    const own = (byAgent[agent] ??= { done: 0, running: 0 });
    if (task.claim === null) own.done += 1;
    else own.running += 1;
  }
  const paused = new Map(known.map((each) => [each.id, each.paused]));
  const rows = [...plans].map(([id, row]) => ({ plan: id, ...row, paused: paused.get(id) ?? false }));
  return { total: records.length, byStatus, plans: rows, byAgent, attempts, failures, spentMs };
}
