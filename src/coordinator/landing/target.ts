/**
 * The target: the branch a plan lands on. Made from the user's present branch when the first work is given out.
 *
 * Invariant: it never goes back (I9). One that somebody deleted comes back where it was left, not where the user is. What is wrong with
 * one target holds what lands there, and no other plan.
 */
import type { Plan } from '../../core/plan.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { faultOfAccepted } from './accepted-target.ts';
import type { LandingContext } from './step.ts';
import { lastLanding, plansOn } from './target-past.ts';
import { faultOfTarget, symbolicFault } from './target-watch.ts';

type Ports = Pick<CoordinatorPorts, 'repository' | 'store' | 'clock' | 'log'>;

/**
 * The target as a round may build on it: its tip, or why nothing can land there just now, as a sentence that says what to do.
 * Call it once a round, before anything else is asked of the target. Throws what passes by itself.
 */
export async function openTarget(context: LandingContext, plan: Plan): Promise<{ tip: string } | { fault: string }> {
  const { ports } = context;
  try {
    const link = await symbolicFault(ports, plan);
    if (link !== null) return { fault: link };
    const tip = await ensureTarget(ports, plan);
    const fault = (await faultOfTarget(context, plan, tip)) ?? (await faultOfAccepted(context, plan, tip));
    return fault === null ? { tip } : { fault };
  } catch (error) {
    if (!(error instanceof OperationalError) || error.retryable) throw error;
    return { fault: `${error.message} (${error.hint})` };
  }
}

/** Creates the target where it is missing, and notes where it began; idempotent, also between processes. Answers its tip. */
export async function ensureTarget(ports: Ports, plan: Plan): Promise<string> {
  const { repository, store, clock } = ports;
  const tip = (await repository.resolve(plan.target)) ?? (await createTarget(ports, plan));
  // One start for all plans that land there: a second plan must not take for granted what the first one would hold.
  const isNoted = (await plansOn(store, plan.target)).some(({ start }) => start?.target === plan.target);
  if (!isNoted)
    await store.startTarget(plan.id, { target: plan.target, commit: tip, accepted: false }, 'coordinator', clock.now());
  return tip;
}

async function createTarget(ports: Ports, plan: Plan): Promise<string> {
  const { repository, log } = ports;
  const left = await whereLeft(ports, plan);
  const to = left ?? (await requireHead(ports));
  await repository.moveRefs([{ ref: plan.target, from: null, to }]);
  if (left !== null) log(`${plan.target} was gone and is back at ${left.slice(0, 12)}, where Orbit left it`);
  const tip = await repository.resolve(plan.target);
  if (tip !== null) return tip;
  throw lost(plan, 'it cannot be made again: another branch or something that is no ref is in its place');
}

/** The commit by which the last task landed there, else where it began; `null` if it was never used. */
async function whereLeft(ports: Ports, plan: Plan): Promise<string | null> {
  const left = await lastLanding(ports, plan.target);
  if (left === null) return null;
  if ((await ports.repository.resolve(left.commit)) !== null) return left.commit;
  throw lost(plan, `the commit ${left.commit}, ${left.what}, is not in this repository`);
}

async function requireHead({ repository }: Ports): Promise<string> {
  const head = await repository.resolve('HEAD');
  if (head !== null) return head;
  const hint = 'commit something first: agents need a base to work on';
  throw new UsageError('no-commit-yet', 'this repository has no commit yet', hint);
}

function lost({ target }: Plan, why: string): OperationalError {
  return new OperationalError('git-failed', `the target ${target} does not exist any more, and ${why}`, {
    hint: `restore it: git reflog and git for-each-ref refs/orbit/landed show where it was`,
  });
}
