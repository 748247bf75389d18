/**
 * Admission: whether work may land as far as its own change tells, whatever it would be merged with.
 *
 * Owns the last look at what a task was allowed to write, and at what a person has to see before it lands. It reads the change from
 * the object database, between the commit that the work began from and the one handed in: an agent's word or files have no part in it.
 */
import { lookAtChange } from '../../actions/look-at-change.ts';
import { approvalNeeded, isApproved, type ApprovalPolicy } from '../../core/approval.ts';
import { inScope } from '../../core/scope.ts';
import type { Task } from '../../core/task.ts';
import type { Repository } from '../../workspace/repository.ts';
import { listPaths } from './path-list.ts';

export interface Refusal {
  /** `scope`: it goes back to its agent. `approval`: it waits for a person, as it is. */
  cause: 'scope' | 'approval';
  reason: string;
}

/** What holds where nobody set anything. */
const usual: ApprovalPolicy = { approval: 'end', risky: 'ask' };

/**
 * Why the change `from..commit` may not land, or `null`.
 *
 * @param order.from commit that the work began from. `order.commit`: the one handed in. `order.shared`: globs that every task may write.
 */
export async function admit(
  repository: Pick<Repository, 'changes' | 'texts' | 'tree' | 'soundnessFault'>,
  order: {
    task: Task;
    from: string;
    commit: string;
    shared: readonly string[];
    policy?: ApprovalPolicy | undefined;
  },
): Promise<Refusal | null> {
  const { task, from, commit, shared, policy = usual } = order;
  // Before git is asked anything else about it: it may choke on what is not well formed.
  const fault = await repository.soundnessFault(from, commit);
  if (fault !== null) return { cause: 'scope', reason: `${fault}; make the commit anew with git` };
  const { changes, risks } = await lookAtChange(repository, { from, to: commit });
  const allowed = task.scope.length === 0 ? [] : [...task.scope, ...shared];
  const outside = changes.map(({ path }) => path).filter((path) => !inScope(path, allowed));
  if (outside.length > 0) {
    return {
      cause: 'scope',
      reason: `it changes paths outside its scope (${task.scope.join(', ')}): ${listPaths(outside)}`,
    };
  }
  const reason = approvalNeeded(task, risks, policy);
  if (reason === null) return null;
  const base = task.evidence?.base ?? null;
  return isApproved(task, { base }, await repository.tree(commit)) ? null : { cause: 'approval', reason };
}
