/**
 * The last step of a plan where a person asked for it beforehand (`autoMergeOnComplete`, `landing.finish`): the user's branch follows.
 *
 * Owns that move. Only forward, only to what landed and over nothing else, and only where no work of the user's is in the way;
 * else a sentence says what to do by hand. A merge whose tree nobody has checked yet is checked first.
 */
import type { Plan } from '../core/plan.ts';
import { OperationalError } from '../platform/error.ts';
import { checkCommit } from './check-commit.ts';
import { projections } from './landing/move-target.ts';
import type { LandingContext } from './landing/step.ts';
import type { CoordinatorPorts } from './ports.ts';

/** What was done, or why not, as a sentence; `null` when there was nothing to do. */
export async function mergeBack(
  context: LandingContext,
  plan: Plan,
  how: 'fast-forward' | 'merge',
): Promise<string | null> {
  const { repository, store } = context.ports;
  const branch = await repository.currentBranch();
  const tip = await repository.resolve(plan.target);
  if (branch === null || tip === null || branch === plan.target) return null;
  const head = await repository.resolve(branch);
  const byHand = `take it over with git merge ${short(plan.target)}`;
  if (head === null || (await repository.isAncestor(tip, head))) return null;
  const start = await repository.mergeBase(head, tip);
  if (start !== head && how === 'fast-forward') return `${short(branch)} has gone on by itself: ${byHand}`;
  const foreign = await firstForeign(context.ports, { head: start ?? head, tip });
  if (foreign !== null)
    return `${foreign.slice(0, 12)} on ${short(plan.target)} is not from Orbit, so nobody has checked it: look at it, then ${byHand}`;
  const checkout = await repository.checkedOut(branch, await projections({ store }));
  if (checkout?.dirty === true) return `${short(branch)} has changes of its own in ${checkout.directory}: ${byHand}`;
  const made = how === 'merge' ? await mergeCommit(context, plan, { branch, head, tip }) : { commit: tip };
  if ('why' in made) return `${made.why}: ${byHand}`;
  const to = made.commit;
  if (!(await repository.moveRefs([{ ref: branch, from: head, to }])))
    return `${short(branch)} moved meanwhile: ${byHand}`;
  try {
    if (checkout !== null) await repository.refresh(checkout.directory, head, to);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    // The files could not follow, so the branch goes back to where they are.
    await repository.moveRefs([{ ref: branch, from: to, to: head }]);
    return `${short(branch)} could not follow ${short(plan.target)} (${error.message}): ${byHand}`;
  }
  return `${short(branch)} now has all that landed on ${short(plan.target)}`;
}

/** The merge of the target into the user's branch, its tree seen to pass; or why there is none. */
async function mergeCommit(
  context: LandingContext,
  plan: Plan,
  { branch, head, tip }: { branch: string; head: string; tip: string },
): Promise<{ commit: string } | { why: string }> {
  const { repository, clock } = context.ports;
  const merge = await repository.merge(head, tip);
  if (!merge.clean)
    return { why: `${short(branch)} conflicts with ${short(plan.target)} in ${merge.paths.slice(0, 10).join(', ')}` };
  const message = `Merge plan ${plan.id}: ${plan.title}\n`;
  const commit = await repository.commit({ tree: merge.tree, parents: [head, tip], message, atMs: clock.now() });
  // The target's own tree has passed.
  if (merge.tree === (await repository.tree(tip))) return { commit };
  const verdict = await checkCommit(context, commit, [...plan.checks, ...context.settings.landingChecks]);
  return verdict.green === true ? { commit } : { why: `merged into ${short(branch)}, ${verdict.reason}` };
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
