/**
 * The last step of a plan where a person asked for it beforehand (`autoMergeOnComplete`): the user's branch follows.
 *
 * Owns when that may be done without asking: only what landed is on the target. How it is done is `actions/take-over.ts`; where it
 * cannot be, a sentence says what to do by hand.
 */
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
  const since = await repository.mergeBase(head, tip);
  const foreign = await firstForeign(ports, { since, tip });
  if (foreign !== null)
    return `${foreign.slice(0, 12)} on ${short(plan.target)} is not from Orbit, so nobody has checked it: look at it, then orbit land ${plan.id}`;
  const answer = await takeOver(ports, { plan, branch, tip, checks: [...plan.checks, ...checks], bring });
  if (isRejection(answer)) return `${answer.message}: ${answer.hint}`;
  return `${short(branch)} now has all that landed on ${short(plan.target)}`;
}

/** The newest commit on the way from `since` to `tip` that is no landing: somebody else put it on the target. */
async function firstForeign(
  { repository, store, clock }: MergeBackPorts,
  { since, tip }: { since: string | null; tip: string },
): Promise<string | null> {
  const records = await store.tasks({ status: ['landed'] }, clock.now());
  const landed = new Set(records.map(({ task }) => task.landing?.landedAs));
  for (let at: string | undefined = tip; at !== undefined && at !== since; [at] = await repository.parents(at)) {
    if (!landed.has(at)) return at;
  }
  return null;
}
