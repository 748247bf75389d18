/**
 * Runs checks at exactly one commit, outside the queue: before a pull request is opened, before a plan is merged into what went on
 * by itself. Verdicts are cached by tree and check, as the queue's are.
 */
import { landingCheck } from '../core/landing.ts';
import type { LandingContext } from './landing/step.ts';

/** `green` null: nothing could be told. */
export type CommitVerdict = { green: true } | { green: false; reason: string } | { green: null; reason: string };

export async function checkCommit(
  { ports, settings, signal }: LandingContext,
  commit: string,
  checks: readonly string[],
): Promise<CommitVerdict> {
  const tree = await ports.repository.tree(commit);
  const missing: string[] = [];
  for (const check of new Set(checks))
    if ((await ports.store.verdict(tree, landingCheck(check)))?.green !== true) missing.push(check);
  if (missing.length === 0) return { green: true };
  const checkout = await ports.workspaces.checkout(commit, settings.bring);
  try {
    const fault = await ports.checks.prepare(checkout.directory, signal);
    if (fault !== null) return { green: null, reason: fault };
    for (const check of missing) {
      const { green, ran, tail } = await ports.checks.run(check, checkout.directory, signal);
      if (!ran) return { green: null, reason: `check "${check}" could not be run: ${tail}` };
      const changed = green ? await checkout.changed() : [];
      if (changed.length > 0)
        return {
          green: false,
          reason: `check "${check}" changes files of the commit: ${changed.slice(0, 10).join(', ')}`,
        };
      await ports.store.saveVerdict({ tree, check: landingCheck(check), green, tail, at: ports.clock.now() });
      if (!green) return { green: false, reason: `check "${check}" fails:\n${tail}` };
    }
    return { green: true };
  } finally {
    await checkout.release();
  }
}
