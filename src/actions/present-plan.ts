/** How far plans are, in the form that other programs read. Reads only. */
import type { Context } from './context.ts';
import { reportPlan, type PlanStatus } from './report-plan.ts';
import { syncPlans } from './sync-plan.ts';

export interface PresentedPlan extends PlanStatus {
  /** Nothing of it lands for now, by a person's word. */
  landingPaused: boolean;
}

/** Throws `UsageError` as `requirePlan` does. */
export async function presentPlan(context: Context, plan: string): Promise<PresentedPlan> {
  const status = await reportPlan(context, plan);
  return { ...status, landingPaused: (await context.store.plan(plan))?.landingPaused !== undefined };
}

/** All of them, by id. */
export async function presentPlans(context: Context): Promise<PresentedPlan[]> {
  await syncPlans(context);
  const ids = (await context.store.plans()).map(({ id }) => id).toSorted();
  const plans: PresentedPlan[] = [];
  for (const id of ids) plans.push(await presentPlan(context, id));
  return plans;
}
