/**
 * The target: the branch a plan lands on. Made from the user's present branch when the first work is given out.
 */
import type { Plan } from '../../core/plan.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import type { Repository } from '../../workspace/repository.ts';

/** Creates the target where it is missing; idempotent, also between processes. Answers its tip. */
export async function ensureTarget(repository: Repository, plan: Plan): Promise<string> {
  const existing = await repository.resolve(plan.target);
  if (existing !== null) return existing;
  const head = await repository.resolve('HEAD');
  if (head === null) {
    throw new UsageError(
      'no-commit-yet',
      'this repository has no commit yet',
      'commit something first: agents need a base to work on',
    );
  }
  await repository.moveRefs([{ ref: plan.target, from: null, to: head }]);
  return targetTip(repository, plan.target);
}

export async function targetTip(repository: Repository, target: string): Promise<string> {
  const tip = await repository.resolve(target);
  if (tip !== null) return tip;
  throw new OperationalError('git-failed', `the target ${target} does not exist any more`, {
    hint: `restore it (git reflog, orbit recover) or start the plan again: orbit run creates it from HEAD`,
  });
}
