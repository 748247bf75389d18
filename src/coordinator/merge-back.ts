/**
 * The last step of a plan where a person asked for it beforehand (`autoMergeOnComplete`, `landing.finish`): the user's branch follows.
 *
 * Owns when that may be done without asking: only what landed is on the target, and a branch that has gone on is merged only where that
 * was asked for. How it is done is `actions/take-over.ts`; where it cannot be, a sentence says what to do by hand.
 */
import { foreignCommit } from '../actions/foreign-commit.ts';
import { planChecks } from '../actions/plan-checks.ts';
import { short, takeOver } from '../actions/take-over.ts';
import type { Plan } from '../core/plan.ts';
import { isRejection } from '../core/rejection.ts';
import type { LandingContext } from './landing/step.ts';

/** What was done, or why not, as a sentence; `null` when there was nothing to do. */
export async function mergeBack(
  { ports, settings }: LandingContext,
  plan: Plan,
  how: 'fast-forward' | 'merge',
): Promise<string | null> {
  const { repository, workspaces } = ports;
  const branch = await repository.currentBranch();
  const tip = await repository.resolve(plan.target);
  if (branch === null || tip === null || branch === plan.target) return null;
  const head = await repository.resolve(branch);
  if (head === null || (await repository.isAncestor(tip, head))) return null;
  const start = await repository.mergeBase(head, tip);
  if (start !== head && how === 'fast-forward')
    return `${short(branch)} has gone on by itself: take it over with orbit land ${plan.id}`;
  const foreign = await foreignCommit(ports, { head: start ?? head, tip });
  if (foreign !== null)
    return `${foreign.slice(0, 12)} on ${short(plan.target)} is not from Orbit, so nobody has checked it: look at it, then orbit land ${plan.id}`;
  const now = ports.clock.now();
  const checks = await planChecks(ports.store, plan, { landingChecks: settings.landingChecks, now });
  const order = { plan, branch, tip, checks, bring: settings.bring };
  const answer = await takeOver({ ...ports, workspaces: async () => workspaces }, order);
  if (isRejection(answer)) return `${answer.message}: ${answer.hint}`;
  return `${short(branch)} now has all that landed on ${short(plan.target)}`;
}
