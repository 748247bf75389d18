/**
 * Keeps a merge with its conflict marks for agents and people to look at.
 *
 * One per attempt, whatever the work conflicted with, for an attempt's work is sent back once. `core/kept-refs.ts` names it, so that
 * everybody who lists, recovers or cleans up kept work finds it.
 */
import { conflictRef } from '../core/kept-refs.ts';
import type { Task } from '../core/task.ts';
import type { CoordinatorPorts } from './ports.ts';

export interface MarkedMerge {
  /** Both sides, with marks where they conflict. */
  tree: string;
  /** What the work did not fit onto. */
  onto: string;
  message: string;
}

/** The ref; a repeat with the same facts finds it again. `null` if the work has no commit, or the merge cannot be kept. */
export async function keepMerge(
  { repository }: Pick<CoordinatorPorts, 'repository'>,
  { key, evidence }: Task,
  { tree, onto, message }: MarkedMerge,
): Promise<string | null> {
  if (evidence === null || evidence.commit === null) return null;
  const ref = conflictRef(key, evidence.token);
  const commit = await repository.commit({ tree, parents: [onto, evidence.commit], message, atMs: evidence.at });
  const before = await repository.resolve(ref);
  const isKept = before === commit || (await repository.moveRefs([{ ref, from: before, to: commit }]));
  return isKept ? ref : null;
}
