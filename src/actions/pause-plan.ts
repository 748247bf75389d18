/** Stops giving out a plan's work or landing it, or goes on. Running attempts are left alone. */
import type { PlanPause } from '../core/plan.ts';
import type { Rejection } from '../core/rejection.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { projectProgress } from './project-progress.ts';
import { refuseAgents } from './refuse-agents.ts';

export interface PauseAnswer {
  plan: string;
  paused: boolean;
  what: PlanPause['what'];
}

/** @param plan `null`: every plan that has not that state yet. */
export async function pausePlan(
  context: Context,
  { plan, ...pause }: { plan: string | null } & PlanPause,
): Promise<PauseAnswer[] | Rejection> {
  const refusal = await refuseAgents(context, 'pause or resume work');
  if (refusal !== null) return refusal;
  if (plan !== null) await requirePlan(context, plan);
  const ids = plan === null ? (await context.store.plans()).map(({ id }) => id) : [plan];
  const answers: PauseAnswer[] = [];
  for (const id of ids) {
    await context.store.pausePlan(id, pause, context.caller.actor, context.clock.now());
    await projectProgress(context, id);
    answers.push({ plan: id, paused: pause.paused, what: pause.what });
  }
  return answers;
}
