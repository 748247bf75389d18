/**
 * Validates a candidate: every check green at exactly its tree.
 *
 * Owns the rule that a verdict counts only for the tree it was taken at, in a checkout of the landing queue's own: an
 * agent's workspace may hold files that no commit has. Verdicts are cached by tree and check.
 */
import type { Plan } from '../../core/plan.ts';
import type { Task } from '../../core/task.ts';
import { OperationalError } from '../../platform/error.ts';
import type { Candidate } from './candidate.ts';
import type { LandingContext } from './step.ts';

export type Validation =
  | { outcome: 'green' }
  | { outcome: 'red'; reason: string }
  | { outcome: 'unable' | 'again'; reason: string };

export async function validate(
  context: LandingContext,
  { plan, task, candidate }: { plan: Plan; task: Task; candidate: Candidate },
): Promise<Validation> {
  const { ports, settings } = context;
  const checks = [...new Set([...task.checks, ...plan.checks, ...settings.landingChecks])];
  const missing: string[] = [];
  for (const check of checks) {
    const known = await ports.store.verdict(candidate.tree, landingCheck(check));
    // A red verdict is not reused: work that comes back with the same tree deserves a second look, the first may have been a flake.
    if (known === null || !known.green) missing.push(check);
  }
  if (missing.length === 0) return { outcome: 'green' };
  try {
    return await runMissing(context, candidate, missing);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { outcome: error.retryable ? 'again' : 'unable', reason: `${error.message} (${error.hint})` };
  }
}

async function runMissing(
  { ports, settings, signal }: LandingContext,
  candidate: Candidate,
  checks: readonly string[],
): Promise<Validation> {
  const checkout = await ports.workspaces.checkout(candidate.commit, settings.bring);
  try {
    const fault = await ports.checks.prepare(checkout.directory, signal);
    if (fault !== null) return { outcome: 'unable', reason: fault };
    for (const check of checks) {
      const { green, tail, ran } = await ports.checks.run(check, checkout.directory, signal);
      if (!ran) return { outcome: 'unable', reason: `check "${check}" could not be run: ${tail}` };
      const changed = green ? await checkout.changed() : [];
      // Dirtied is never green: what was checked is no longer the candidate.
      if (changed.length > 0)
        return red(check, `${tail}\nIt changes files of the commit: ${changed.slice(0, 10).join(', ')}`);
      const at = ports.clock.now();
      await ports.store.saveVerdict({ tree: candidate.tree, check: landingCheck(check), green, tail, at });
      if (!green) return red(check, tail);
    }
    return { outcome: 'green' };
  } finally {
    await checkout.release();
  }
}

function red(check: string, tail: string): Validation {
  return { outcome: 'red', reason: `check "${check}" fails on the target with this work merged:\n${tail}` };
}

/** Verdicts of the queue's own checkouts, told apart from those taken in an agent's workspace. */
function landingCheck(check: string): string {
  return `landing: ${check}`;
}
