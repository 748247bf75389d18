/**
 * Admission: whether work may land as far as its own change tells, whatever it would be merged with.
 *
 * Owns the last look at what a task was allowed to write. It reads the change from the object database, between the commit that the
 * work began from and the one handed in: an agent's word or files have no part in it.
 */
import { inScope } from '../../core/scope.ts';
import type { Task } from '../../core/task.ts';
import type { Repository } from '../../workspace/repository.ts';
import { listPaths } from './path-list.ts';

export interface Refusal {
  cause: 'scope';
  reason: string;
}

/**
 * Why the change `from..commit` may not land, or `null`.
 *
 * @param order.from commit that the work began from. `order.commit`: the one handed in. `order.shared`: globs that every task may write.
 */
export async function admit(
  repository: Pick<Repository, 'changedPaths' | 'soundnessFault'>,
  { task, from, commit, shared }: { task: Task; from: string; commit: string; shared: readonly string[] },
): Promise<Refusal | null> {
  // Before git is asked anything else about it: it may choke on what is not well formed.
  const fault = await repository.soundnessFault(from, commit);
  if (fault !== null) return { cause: 'scope', reason: `${fault}; make the commit anew with git` };
  const allowed = task.scope.length === 0 ? [] : [...task.scope, ...shared];
  const outside = (await repository.changedPaths(from, commit)).filter((path) => !inScope(path, allowed));
  if (outside.length === 0) return null;
  return {
    cause: 'scope',
    reason: `it changes paths outside its scope (${task.scope.join(', ')}): ${listPaths(outside)}`,
  };
}
