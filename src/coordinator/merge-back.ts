/**
 * The last step of a plan where a person asked for it beforehand (`autoMergeOnComplete`): the user's branch follows.
 *
 * Owns that move. Only forward, only when everything landed, and only where no work of the user's is in the way; else a
 * sentence says what to do by hand.
 */
import type { Plan } from '../core/plan.ts';
import { OperationalError } from '../platform/error.ts';
import { projections } from './landing/move-target.ts';
import type { CoordinatorPorts } from './ports.ts';

/** What was done, or why not, as a sentence; `null` when there was nothing to do. */
export async function mergeBack(
  { repository, store }: Pick<CoordinatorPorts, 'repository' | 'store'>,
  plan: Plan,
): Promise<string | null> {
  const branch = await repository.currentBranch();
  const tip = await repository.resolve(plan.target);
  if (branch === null || tip === null || branch === plan.target) return null;
  const head = await repository.resolve(branch);
  const byHand = `take it over with git merge ${short(plan.target)}`;
  if (head === null || head === tip) return null;
  if (!(await repository.isAncestor(head, tip))) return `${short(branch)} has gone on by itself: ${byHand}`;
  const checkout = await repository.checkedOut(branch, await projections({ store }));
  if (checkout?.dirty === true) return `${short(branch)} has changes of its own in ${checkout.directory}: ${byHand}`;
  if (!(await repository.moveRefs([{ ref: branch, from: head, to: tip }])))
    return `${short(branch)} moved meanwhile: ${byHand}`;
  try {
    if (checkout !== null) await repository.refresh(checkout.directory, head, tip);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    // The files could not follow, so the branch goes back to where they are.
    await repository.moveRefs([{ ref: branch, from: tip, to: head }]);
    return `${short(branch)} could not follow ${short(plan.target)} (${error.message}): ${byHand}`;
  }
  return `${short(branch)} now has all that landed on ${short(plan.target)}`;
}

function short(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
