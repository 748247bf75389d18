/**
 * The trunk: the branch on the forge that pull requests are merged into by people, and the target that follows it.
 *
 * Owns that following. The target gets what people merged, so that later attempts build on it; it only goes forward (I9), over a merge
 * where the user has commits of their own that the forge does not know.
 */
import type { Plan } from '../../core/plan.ts';
import { OperationalError } from '../../platform/error.ts';
import { ensureTarget } from '../landing/target.ts';
import type { LandingContext } from '../landing/step.ts';
import type { ForgeAccess } from './access.ts';

/** Subject of the commit by which a target follows a trunk that it cannot follow by going forward. */
const followSubject = 'Follow the trunk';

/** Brings the trunk's tip into the repository and pins it; answers its commit. Throws `OperationalError` `forge-not-found`. */
export async function fetchTrunk(
  { ports }: LandingContext,
  { remote, trunk }: ForgeAccess,
  seen: string | undefined,
): Promise<string> {
  const { repository } = ports;
  const pin = `refs/orbit/forge/${trunk}`;
  const known = await repository.resolve(pin);
  if (seen !== undefined && known === seen) return known;
  const tip = await remote.fetch(`refs/heads/${trunk}`);
  if (tip === null) {
    throw new OperationalError('forge-not-found', `${remote.address} has no branch ${trunk}`, {
      hint: `push it first: git push origin ${trunk}; or name another one with forge.base`,
    });
  }
  // A pin that another process has just moved is as good.
  if (known !== tip) await repository.moveRefs([{ ref: pin, from: known, to: tip }]);
  return tip;
}

/** Why the target cannot follow the trunk, or `null` when it has all that the trunk has. */
export async function followTrunk(
  { ports }: LandingContext,
  plan: Plan,
  { trunk, tip }: { trunk: string; tip: string },
): Promise<string | null> {
  const { repository, clock } = ports;
  if (plan.target === `refs/heads/${trunk}`) {
    return `work lands on ${trunk} itself, which pull requests go into: let landing.into be a branch of its own, such as orbit/{plan}`;
  }
  const from = await ensureTarget(ports, plan);
  if (await repository.isAncestor(tip, from)) return null;
  const checkout = await repository.checkedOut(plan.target);
  if (checkout !== null) return `${plan.target} is checked out in ${checkout.directory}: switch that to another branch`;
  const to = (await repository.isAncestor(from, tip)) ? tip : await merged();
  if (to === null) return `${plan.target} has commits that conflict with ${trunk} on the forge: merge them by hand`;
  // Refused: somebody moved it meanwhile, and the next look begins there.
  await repository.moveRefs([{ ref: plan.target, from, to }]);
  return null;

  async function merged(): Promise<string | null> {
    const merge = await repository.merge(from, tip);
    if (!merge.clean) return null;
    return repository.commit({
      tree: merge.tree,
      parents: [from, tip],
      message: `${followSubject} ${trunk}\n`,
      atMs: clock.now(),
    });
  }
}
