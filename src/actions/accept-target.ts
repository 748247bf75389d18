/**
 * Takes a plan's target as it is: what others put there, and without what they took off (I9 is then theirs to answer for).
 *
 * Owns the person's answer to a target that holds landings because somebody else moved it. Nothing is moved; what is on it now is
 * checked by the queue before anything lands on it.
 */
import { keyParts } from '../core/id.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import { refuseAgents } from './refuse-agents.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { planOnOpenLine } from './plan-lines.ts';

export interface AcceptAnswer {
  plan: string;
  target: string;
  commit: string;
  /** Tasks that had landed and whose work the target no longer holds. */
  lost: readonly string[];
}

export async function acceptTarget(context: Context, planId: string): Promise<AcceptAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'accept a target');
  if (refusal !== null) return refusal;
  const { store, clock, caller } = context;
  await requirePlan(context, planId);
  const plan = await store.plan(planId);
  if (plan === null) throw new UsageError('unknown-plan', `there is no plan ${planId}`, 'orbit stats lists plans');
  const { id, target } = await planOnOpenLine(store, plan, clock.now());
  const repository = await context.repository();
  const link = await repository.symbolic(target);
  if (link !== null) {
    const hint = `remove the link: git symbolic-ref --delete ${target}`;
    return reject('nothing-to-answer', `${target} is a link to ${link}, not a branch`, hint);
  }
  const commit = await repository.resolve(target);
  if (commit === null) {
    const hint = `orbit run ${id} makes it again where it was left`;
    return reject('nothing-to-answer', `${target} does not exist`, hint);
  }
  await store.startTarget(id, { target, commit, accepted: true }, caller.actor, clock.now());
  const lost: string[] = [];
  for (const { task } of await store.tasks({ plan: id, status: ['landed'] }, clock.now())) {
    const landedAs = task.landing?.landedAs ?? null;
    if (landedAs === null) continue;
    const isThere = (await repository.resolve(landedAs)) !== null && (await repository.isAncestor(landedAs, commit));
    if (!isThere) lost.push(keyParts(task.key).task);
  }
  return { plan: id, target, commit, lost };
}
