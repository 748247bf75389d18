/** Sets where a plan's work lands. */
import { branchRef } from '../core/branch-name.ts';
import { isRejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';

/** @param into a branch, or a full ref. Throws `UsageError` `bad-flag` for a plan that has landed work elsewhere. */
export async function retargetPlan(context: Context, planId: string, into: string): Promise<void> {
  const plan = await context.store.plan(planId);
  if (plan === null) return;
  const target = branchRef(into);
  if (target === null)
    throw new UsageError(
      'bad-flag',
      `--into ${JSON.stringify(into.slice(0, 80))} is not a branch`,
      'orbit run 001 --into main',
    );
  if (plan.target === target) return;
  const landed = await context.store.tasks({ plan: planId, status: ['landed'] }, context.clock.now());
  if (landed.some(({ task }) => typeof task.landing?.landedAs === 'string')) {
    throw new UsageError(
      'bad-flag',
      `plan ${planId} has landed work on ${plan.target} already`,
      `run it without --into, then merge ${plan.target.replace('refs/heads/', '')}`,
    );
  }
  // One branch for all layers.
  const { layerBranches: _layerBranches, ...one } = plan;
  const { title, unblock, layers, layerList, checks } = plan;
  const applied = await context.store.applyPlan(
    { plan: { ...one, target }, draft: { title, unblock, layers, layerList, checks, tasks: [] }, scores: new Map() },
    context.caller.actor,
    context.clock.now(),
  );
  if (isRejection(applied)) throw new UsageError('bad-plan', applied.message, applied.hint);
}
