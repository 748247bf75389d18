/**
 * The last step of a plan where a person asked for it beforehand (`autoMergeOnComplete`): the user's branch follows.
 *
 * Owns when that may be done without asking: only what landed is on the target. How it is done is `actions/take-over.ts`; where it
 * cannot be, a sentence says what to do by hand.
 */
import { foreignCommit } from '../actions/foreign-commit.ts';
import { short, takeOver, type TakeOverPorts } from '../actions/take-over.ts';
import type { Plan } from '../core/plan.ts';
import { isRejection } from '../core/rejection.ts';
import type { Store } from '../store/store.ts';

export interface MergeBackPorts extends TakeOverPorts {
  store: TakeOverPorts['store'] & Pick<Store, 'tasks'>;
}

/** What was done, or why not, as a sentence; `null` when there was nothing to do. */
export async function mergeBack(
  ports: MergeBackPorts,
  plan: Plan,
  { checks, bring }: { checks: readonly string[]; bring: readonly string[] },
): Promise<string | null> {
  const { repository } = ports;
  const branch = await repository.currentBranch();
  const tip = await repository.resolve(plan.target);
  if (branch === null || tip === null || branch === plan.target) return null;
  const head = await repository.resolve(branch);
  if (head === null || (await repository.isAncestor(tip, head))) return null;
  const foreign = await foreignCommit(ports, { head, tip });
  if (foreign !== null)
    return `${foreign.slice(0, 12)} on ${short(plan.target)} is not from Orbit, so nobody has checked it: look at it, then orbit land ${plan.id}`;
  const answer = await takeOver(ports, { plan, branch, tip, checks: [...plan.checks, ...checks], bring });
  if (isRejection(answer)) return `${answer.message}: ${answer.hint}`;
  return `${short(branch)} now has all that landed on ${short(plan.target)}`;
}
