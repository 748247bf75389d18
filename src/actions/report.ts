/**
 * The whole report: how far plans are, what landed, what it cost, how attempts went, where time went, what was done for nothing.
 * Reads only, and each task and attempt once.
 */
import type { ConflictReport } from '../core/conflict-report.ts';
import { keyParts } from '../core/id.ts';
import type { OutcomeReport } from '../core/outcome-report.ts';
import { reportWork, type LandedRow, type RedundantReport, type SpendRow } from '../core/work-report.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { reportOutcomes } from './report-outcomes.ts';
import { planStatus, type PlanStatus } from './report-plan.ts';
import { syncPlans } from './sync-plan.ts';
import { planTimes, type PlanTimes } from './time-plan.ts';

export interface Report extends OutcomeReport {
  /** ISO 8601. */
  at: string;
  plans: readonly PlanStatus[];
  /** In the order of `plans`. */
  times: readonly PlanTimes[];
  landed: readonly (Omit<LandedRow, 'at'> & { at: string })[];
  spend: readonly SpendRow[];
  redundant: RedundantReport;
  conflicts: ConflictReport;
}

/**
 * @param order.plan `null`: all plans
 * @param order.stuckMs without any sign for so long a task counts as stuck; `null`: as the settings say
 * Throws `UsageError` `unknown-plan`, `bad-id`.
 */
export async function reportAll(
  context: Context,
  { plan, stuckMs }: { plan: string | null; stuckMs: number | null },
): Promise<Report> {
  await (plan === null ? syncPlans(context) : requirePlan(context, plan));
  const { store, clock } = context;
  const now = clock.now();
  const where = plan === null ? {} : { plan };
  const [records, attempts] = [await store.tasks(where, now), await store.attempts(where)];
  const known = (await store.plans()).filter(({ id }) => plan === null || id === plan);
  const [ownRecords, ownAttempts] = [
    Map.groupBy(records, ({ task }) => task.plan),
    Map.groupBy(attempts, ({ task }) => keyParts(task).plan),
  ];
  const plans: PlanStatus[] = [];
  const times: PlanTimes[] = [];
  for (const one of known) {
    const own = ownRecords.get(one.id) ?? [];
    const tried = ownAttempts.get(one.id) ?? [];
    plans.push(await planStatus(context, one.id, { own, attempts: tried, stuckMs }));
    times.push(planTimes(one, { tasks: tasksOf(own), attempts: tried, now }));
  }
  const { landed, spend, redundant } = reportWork(tasksOf(records), attempts, now);
  return {
    at: new Date(now).toISOString(),
    plans,
    times,
    landed: landed.map((row) => ({ ...row, at: new Date(row.at).toISOString() })),
    spend,
    redundant,
    ...(await reportOutcomes(context, plan, attempts)),
  };
}

function tasksOf(records: readonly TaskRecord[]): TaskRecord['task'][] {
  return records.map(({ task }) => task);
}
