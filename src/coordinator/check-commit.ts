/**
 * Runs checks at exactly one commit, outside the queue: before a pull request is opened, before a plan is merged into what went on
 * by itself. Verdicts are cached by tree and check, as the queue's are.
 */
import { checkTree, someOf } from '../actions/check-tree.ts';
import type { CheckSlot } from '../workspace/workspace.ts';
import type { LandingContext } from './landing/step.ts';

/** `green` null: nothing could be told. */
export type CommitVerdict = { green: true } | { green: false; reason: string } | { green: null; reason: string };

export async function checkCommit(
  { ports, settings, signal }: LandingContext,
  commit: string,
  checks: readonly string[],
): Promise<CommitVerdict> {
  const tree = await ports.repository.tree(commit);
  const checkout = async (): Promise<CheckSlot> => ports.workspaces.checkout(commit, settings.bring);
  const checked = await checkTree(ports, { tree, checks, checkout, signal });
  if (checked.outcome === 'green') return { green: true };
  if (checked.outcome === 'unable') return { green: null, reason: checked.reason };
  if (checked.outcome === 'ended') return { green: null, reason: 'it was ended' };
  const { check, tail, changed } = checked;
  if (changed.length > 0)
    return { green: false, reason: `check "${check}" changes files of the commit: ${someOf(changed)}` };
  return { green: false, reason: `check "${check}" fails:\n${tail}` };
}
