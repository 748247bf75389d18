/**
 * Validates one cut: every check of everything in it, green at exactly its tree.
 *
 * Owns the rule that a verdict counts only for the tree it was taken at, in a checkout of the landing queue's own: an
 * agent's workspace may hold files that no commit has. Verdicts are cached by tree and check.
 */
import { landingCheck } from '../../core/landing.ts';
import { operational } from '../../platform/system-error.ts';
import type { LandingContext } from './step.ts';

export type Validation =
  | { outcome: 'green'; ran: boolean }
  | { outcome: 'red'; check: string; reason: string }
  /** It could not be run, which says nothing about the work; `again`: for now. */
  | { outcome: 'unable' | 'again'; reason: string };

export interface Order {
  commit: string;
  tree: string;
  checks: readonly string[];
  /** Aborted when nobody needs the verdict any more. */
  signal: AbortSignal;
}

export async function validate(context: LandingContext, order: Order): Promise<Validation> {
  const missing: string[] = [];
  for (const check of order.checks) {
    const known = await context.ports.store.verdict(order.tree, landingCheck(check));
    // A red verdict is not reused: work that comes back with the same tree deserves a second look, the first may have been a flake.
    if (known === null || !known.green) missing.push(check);
  }
  if (missing.length === 0) return { outcome: 'green', ran: false };
  try {
    return await runMissing(context, { ...order, checks: missing });
  } catch (error) {
    const trouble = operational(error);
    if (trouble === null) throw error;
    return { outcome: trouble.retryable ? 'again' : 'unable', reason: `${trouble.message} (${trouble.hint})` };
  }
}

async function runMissing(
  { ports, settings }: LandingContext,
  { commit, tree, checks, signal }: Order,
): Promise<Validation> {
  const checkout = await ports.workspaces.checkout(commit, settings.bring);
  try {
    const fault = await ports.checks.prepare(checkout.directory, signal);
    if (fault !== null) return { outcome: 'unable', reason: fault };
    for (const check of checks) {
      if (signal.aborted) return { outcome: 'again', reason: 'it was ended' };
      const { green, tail, ran } = await ports.checks.run(check, checkout.directory, signal);
      if (!ran) return { outcome: 'unable', reason: `check "${check}" could not be run: ${tail}` };
      const changed = green ? await checkout.changed() : [];
      // Dirtied is never green: what was checked is no longer the candidate.
      if (changed.length > 0)
        return red(check, `${tail}\nIt changes files of the commit: ${changed.slice(0, 10).join(', ')}`);
      const at = ports.clock.now();
      await ports.store.saveVerdict({ tree, check: landingCheck(check), green, tail, at });
      if (!green) return red(check, tail);
    }
    return { outcome: 'green', ran: true };
  } finally {
    await checkout.release();
  }
}

function red(check: string, tail: string): Validation {
  return { outcome: 'red', check, reason: `check "${check}" fails on the target with this work merged:\n${tail}` };
}
