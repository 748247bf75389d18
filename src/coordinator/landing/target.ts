/**
 * The target: the branch a plan lands on. Made from the user's present branch when the first work is given out.
 *
 * Invariant: it never goes back (I9). One that somebody deleted comes back where it was left, not where the user is.
 */
import type { Plan } from '../../core/plan.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import type { CoordinatorPorts } from '../ports.ts';

type Ports = Pick<CoordinatorPorts, 'repository' | 'store' | 'clock' | 'log'>;

/** Creates the target where it is missing; idempotent, also between processes. Answers its tip. */
export async function ensureTarget(ports: Ports, plan: Plan): Promise<string> {
  const { repository, log } = ports;
  const existing = await repository.resolve(plan.target);
  if (existing !== null) return existing;
  const left = await lastLanded(ports, plan);
  const to = left ?? (await requireHead(ports));
  await repository.moveRefs([{ ref: plan.target, from: null, to }]);
  if (left !== null) log(`${plan.target} was gone and is back at ${left.slice(0, 12)}, the last that landed on it`);
  const tip = await repository.resolve(plan.target);
  if (tip !== null) return tip;
  throw lost(plan, 'it was deleted again');
}

/** The commit by which the last task of the plan landed, `null` if none did. */
async function lastLanded({ repository, store, clock }: Ports, plan: Plan): Promise<string | null> {
  const records = await store.tasks({ plan: plan.id, status: ['landed'] }, clock.now());
  const last = { commit: '', at: -1 };
  for (const { task } of records) {
    const { landedAs = null, landedAt = null } = task.landing ?? {};
    if (landedAs === null || landedAt === null || landedAt < last.at) continue;
    // Two in the same millisecond: the later one stands on the other.
    if (last.at === landedAt && (await repository.isAncestor(landedAs, last.commit))) continue;
    Object.assign(last, { commit: landedAs, at: landedAt });
  }
  if (last.at < 0) return null;
  if ((await repository.resolve(last.commit)) !== null) return last.commit;
  throw lost(plan, `the commit ${last.commit}, the last that landed on it, is not in this repository`);
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
