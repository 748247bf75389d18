/**
 * The base: the commit that an attempt starts from.
 *
 * Owns the rule "the target, plus what the task's dependencies have proven but not landed yet, plus finished work on the same
 * paths that is about to land". The last saves a sure conflict: scopes keep two attempts apart while they live, not while the
 * first one's work waits in the queue. Everything happens in the object database. Invariant: the same facts give the same commit, so that a second look finds the same base.
 */
import { baseSubject } from '../core/landing.ts';
import type { Plan } from '../core/plan.ts';
import { scopesOverlap } from '../core/scope.ts';
import type { Task } from '../core/task.ts';
import type { Store } from '../store/store.ts';
import type { Repository } from '../workspace/repository.ts';

export interface Base {
  commit: string;
  /** Tasks whose unlanded work is in it: dependencies, and neighbours that share paths. */
  includes: readonly string[];
}

export interface BaseFault {
  fault: string;
}

interface Head {
  task: string;
  commit: string;
  at: number;
}

interface BasePorts {
  repository: Repository;
  store: Pick<Store, 'task' | 'tasks' | 'attempts'>;
}

/** The base, or why there is none: no commit to start from, or dependencies whose work does not merge. */
export async function findBase(
  ports: BasePorts,
  task: Task,
  { plan, shared, now }: { plan: Plan; shared: readonly string[]; now: number },
): Promise<Base | BaseFault> {
  const { repository } = ports;
  const tip = (await repository.resolve(plan.target)) ?? (await repository.resolve('HEAD'));
  if (tip === null) {
    return { fault: `Neither the target ${plan.target} nor HEAD has a commit to start from.` };
  }
  const heads = await unlandedHeads(ports, task, tip);
  if ('fault' in heads) return heads;
  let commit = tip;
  const merged: string[] = [];
  for (const head of heads) {
    const next = await include(repository, commit, head);
    if (next === null) {
      const merge = await repository.merge(commit, head.commit);
      const paths = merge.clean ? [] : merge.paths;
      const before = merged.length === 0 ? plan.target : `${plan.target} with ${merged.join(', ')}`;
      return {
        fault: `The work of ${head.task} conflicts with ${before} in ${paths.join(', ')}; one of them has to land first.`,
      };
    }
    commit = next;
    merged.push(head.task);
  }
  for (const head of await neighbours(ports, task, { shared, now })) {
    if (await repository.isAncestor(head.commit, tip)) continue;
    const next = await include(repository, commit, head);
    // Nobody asked for a neighbour's work: where it does not fit, the landing queue will say so.
    if (next === null) continue;
    commit = next;
    merged.push(head.task);
  }
  return { commit, includes: merged };
}

/** Finished work of tasks that are no dependencies but write the same paths, in the order in which it will land. */
async function neighbours(
  { repository, store }: BasePorts,
  task: Task,
  { shared, now }: { shared: readonly string[]; now: number },
): Promise<Head[]> {
  const records = await store.tasks({ plan: task.plan, status: ['done', 'landing'] }, now);
  const own = await ownEarlierWork({ repository, store }, task);
  const heads: Head[] = [];
  for (const { task: other } of records) {
    const { evidence } = other;
    if (other.key === task.key || task.dependencies.includes(other.key)) continue;
    if (!evidence?.commit || other.pr !== null || !scopesOverlap(task.scope, other.scope, shared)) continue;
    if ((await repository.resolve(evidence.commit)) === null) continue;
    // What was sent back must not return through a neighbour that was built on it: there would be nothing left to do.
    if (await containsAny(repository, evidence.commit, own)) continue;
    heads.push({ task: other.id, commit: evidence.commit, at: evidence.at });
  }
  return heads.sort((a, b) => a.at - b.at || (a.task < b.task ? -1 : 1));
}

/** Commits that earlier attempts at this task were proven with: they were sent back or reopened since. */
async function ownEarlierWork({ repository, store }: BasePorts, task: Task): Promise<string[]> {
  const attempts = await store.attempts({ task: task.key });
  const commits = attempts.flatMap(({ outcome, commit }) => (outcome === 'done' && commit !== null ? [commit] : []));
  const found = await Promise.all(commits.map(async (commit) => repository.resolve(commit)));
  return found.filter((commit) => commit !== null);
}

async function containsAny(repository: Repository, commit: string, parts: readonly string[]): Promise<boolean> {
  for (const part of parts) if (await repository.isAncestor(part, commit)) return true;
  return false;
}

/** Finished commits of the dependencies that are not in the target, without those contained in another of them. */
async function unlandedHeads({ repository, store }: BasePorts, task: Task, tip: string): Promise<Head[] | BaseFault> {
  const heads: Head[] = [];
  for (const key of [...task.dependencies].sort()) {
    const dependency = (await store.task(key))?.task;
    const evidence = dependency?.evidence;
    if (dependency === undefined || !evidence?.commit || dependency.landing?.state === 'landed') continue;
    if ((await repository.resolve(evidence.commit)) === null) {
      return { fault: `The finished commit ${evidence.commit} of ${dependency.id} is not in this repository.` };
    }
    if (await repository.isAncestor(evidence.commit, tip)) continue;
    heads.push({ task: dependency.id, commit: evidence.commit, at: evidence.at });
  }
  const tops: Head[] = [];
  for (const [index, head] of heads.entries()) {
    if (!(await isContained(repository, heads, index))) tops.push(head);
  }
  return tops;
}

/** Of two dependencies with the same commit the first one stands for both. */
async function isContained(repository: Repository, heads: readonly Head[], index: number): Promise<boolean> {
  const commit = heads[index]?.commit ?? '';
  for (const [other, head] of heads.entries()) {
    if (other === index) continue;
    if (head.commit === commit ? other < index : await repository.isAncestor(commit, head.commit)) return true;
  }
  return false;
}

/** The commit with `head` in it: itself, forward to it, or a merge; `null` on a conflict. */
async function include(repository: Repository, commit: string, head: Head): Promise<string | null> {
  if (await repository.isAncestor(head.commit, commit)) return commit;
  if (await repository.isAncestor(commit, head.commit)) return head.commit;
  const merge = await repository.merge(commit, head.commit);
  if (!merge.clean) return null;
  const message = `${baseSubject}${head.task}`;
  return repository.commit({ tree: merge.tree, parents: [commit, head.commit], message, atMs: head.at });
}
