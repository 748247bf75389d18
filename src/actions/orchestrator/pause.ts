/** Gives out nothing new of any plan, or goes on (E1). What runs is left alone. */
import { isRejection, type Rejection } from '../../core/rejection.ts';
import type { Context } from '../context.ts';
import { pausePlan } from '../pause-plan.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { syncPlans } from '../sync-plan.ts';
import { orchestratorState, type StateView } from './state.ts';

export async function pauseOrchestrator(context: Context, { why }: { why: string }): Promise<StateView | Rejection> {
  return setPaused(context, { paused: true, why });
}

export async function resumeOrchestrator(context: Context, { why }: { why: string }): Promise<StateView | Rejection> {
  return setPaused(context, { paused: false, why });
}

async function setPaused(
  context: Context,
  { paused, why }: { paused: boolean; why: string },
): Promise<StateView | Rejection> {
  const refusal = await refuseAgents(context, 'pause or resume work');
  if (refusal !== null) return refusal;
  await syncPlans(context);
  const answer = await pausePlan(context, { plan: null, paused, what: 'work', why });
  return isRejection(answer) ? answer : orchestratorState(context);
}
