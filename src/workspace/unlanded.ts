/**
 * Unlanded work: which of it is missing on a commit, and how it is taken in, all in the object database.
 *
 * Owns the order and the merges of a base, for attempts that begin and for work that is put onto a base anew. Invariant: the same
 * facts give the same commit, so that a second look finds the same base.
 */
import type { TaskKey } from '../core/id.ts';
import { baseSubject } from '../core/landing.ts';
import type { BuiltOn, Task } from '../core/task.ts';
import type { Repository } from './repository.ts';

/** Proven work of a task that is not on the target. */
export interface Head extends BuiltOn {
  task: TaskKey;
  /** The task's bare id, for words. */
  id: string;
  /** When it was proven, in milliseconds since 1970. */
  at: number;
}

/** The proven work of `tasks` that `tip` does not hold, in the order of their keys; `missing`: its commit is not in this repository. */
export async function unlandedHeads(
  repository: Repository,
  tasks: readonly Task[],
  tip: string,
): Promise<Head[] | { missing: Head }> {
  const heads: Head[] = [];
  for (const task of tasks.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
    const head = headOf(task);
    if (head === null || task.landing?.state === 'landed') continue;
    if ((await repository.resolve(head.commit)) === null) return { missing: head };
    if (!(await repository.isAncestor(head.commit, tip))) heads.push(head);
  }
  return heads;
}

/** `null` for a task that has no proven commit. */
export function headOf({ key, id, evidence }: Task): Head | null {
  const commit = evidence?.commit ?? null;
  return commit === null ? null : { task: key, id, commit, at: evidence?.at ?? 0 };
}

/** Where work that stands on these branches begins: the first that is there, or HEAD; `null`: there is no commit at all. */
export async function tipOf(repository: Repository, lines: readonly string[]): Promise<string | null> {
  for (const line of lines) {
    const tip = await repository.resolve(line);
    if (tip !== null) return tip;
  }
  return repository.resolve('HEAD');
}

export type Joined = { commit: string } | { conflict: Head; before: readonly string[]; paths: readonly string[] };

/** `tip` with all heads in it, without merging again what another of them holds. */
export async function joinHeads(repository: Repository, tip: string, heads: readonly Head[]): Promise<Joined> {
  let commit = tip;
  const before: string[] = [];
  for (const [index, head] of heads.entries()) {
    if (await isContained(repository, heads, index)) continue;
    const next = await include(repository, commit, head);
    if (next === null) {
      const merge = await repository.merge(commit, head.commit);
      return { conflict: head, before, paths: merge.clean ? [] : merge.paths };
    }
    commit = next;
    before.push(head.id);
  }
  return { commit };
}

/** Of two with the same commit the first one stands for both. */
async function isContained(repository: Repository, heads: readonly Head[], index: number): Promise<boolean> {
  const commit = heads[index]?.commit ?? '';
  for (const [other, head] of heads.entries()) {
    if (other === index) continue;
    if (head.commit === commit ? other < index : await repository.isAncestor(commit, head.commit)) return true;
  }
  return false;
}

/** The commit with `head` in it: itself, forward to it, or a merge; `null` on a conflict. */
export async function include(repository: Repository, commit: string, head: Head): Promise<string | null> {
  if (await repository.isAncestor(head.commit, commit)) return commit;
  if (await repository.isAncestor(commit, head.commit)) return head.commit;
  const merge = await repository.merge(commit, head.commit);
  if (!merge.clean) return null;
  const message = `${baseSubject}${head.id}`;
  return repository.commit({ tree: merge.tree, parents: [commit, head.commit], message, atMs: head.at });
}
