/**
 * The last step of a plan where a person asked for it beforehand (`autoMergeOnComplete`): the user's branch follows.
 *
 * Owns that move. Only forward, only to what landed and over nothing else, and only where no work of the user's is in the way;
 * else a sentence says what to do by hand.
 */
import type { Plan } from '../core/plan.ts';
import { OperationalError } from '../platform/error.ts';
import { projections } from './landing/move-target.ts';
import type { CoordinatorPorts } from './ports.ts';

/** What was done, or why not, as a sentence; `null` when there was nothing to do. */
export async function mergeBack(
  ports: Pick<CoordinatorPorts, 'repository' | 'store' | 'clock'>,
  plan: Plan,
): Promise<string | null> {
  const { repository, store } = ports;
  const branch = await repository.currentBranch();
  const tip = await repository.resolve(plan.target);
  if (branch === null || tip === null || branch === plan.target) return null;
  const head = await repository.resolve(branch);
  const byHand = `take it over with git merge ${short(plan.target)}`;
  if (head === null || head === tip) return null;
  if (!(await repository.isAncestor(head, tip))) return `${short(branch)} has gone on by itself: ${byHand}`;
  const foreign = await firstForeign(ports, { head, tip });
  if (foreign !== null)
    return `${foreign.slice(0, 12)} on ${short(plan.target)} is not from Orbit, so nobody has checked it: look at it, then ${byHand}`;
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

/** The newest commit on the way from `head` to `tip` that is no landing: somebody else put it on the target. */
async function firstForeign(
  { repository, store, clock }: Pick<CoordinatorPorts, 'repository' | 'store' | 'clock'>,
  { head, tip }: { head: string; tip: string },
): Promise<string | null> {
  const records = await store.tasks({ status: ['landed'] }, clock.now());
  const landed = new Set(records.map(({ task }) => task.landing?.landedAs));
  for (let at: string | undefined = tip; at !== undefined && at !== head; [at] = await repository.parents(at)) {
    if (!landed.has(at)) return at;
  }
  return null;
}

function short(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
