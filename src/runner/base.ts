/**
 * The base: the commit that an attempt starts from.
 *
 * Owns the rule "the target, plus what the task's dependencies have proven but not landed yet, plus finished work on the same
 * paths that is about to land". The last saves a sure conflict: scopes keep two attempts apart while they live, not while the
 * first one's work waits in the queue. What of it is unlanded is told with its commits, to be recorded: nobody can tell it later.
 */
import { planLines } from '../actions/plan-lines.ts';
import type { Plan } from '../core/plan.ts';
import { scopesOverlap } from '../core/scope.ts';
import { restackedRefs } from '../core/kept-refs.ts';
import type { BuiltOn, Task } from '../core/task.ts';
import type { Store } from '../store/store.ts';
import type { Repository } from '../workspace/repository.ts';
import { headOf, include, joinHeads, tipOf, unlandedHeads, type Head } from '../workspace/unlanded.ts';

export interface Base {
  commit: string;
  /** Unlanded work that is in it: of dependencies, and of neighbours that share paths. */
  builtOn: readonly BuiltOn[];
}

export interface BaseFault {
  fault: string;
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
  const lines = await planLines(ports.store, plan, now);
  const [target = plan.target] = lines;
  const tip = await tipOf(repository, lines);
  if (tip === null) return { fault: `Neither the target ${target} nor HEAD has a commit to start from.` };
  const heads = await unlandedHeads(repository, await dependenciesOf(ports, task), tip);
  if ('missing' in heads) {
    const { commit: missing, id } = heads.missing;
    return { fault: `The finished commit ${missing} of ${id} is not in this repository.` };
  }
  const joined = await joinHeads(repository, tip, heads);
  if ('conflict' in joined) {
    const { conflict, before, paths } = joined;
    const with_ = before.length === 0 ? target : `${target} with ${before.join(', ')}`;
    return {
      fault: `The work of ${conflict.id} conflicts with ${with_} in ${paths.join(', ')}; one of them has to land first.`,
    };
  }
  let { commit } = joined;
  const included = [...heads];
  for (const head of await neighbours(ports, task, { shared, now })) {
    if (await repository.isAncestor(head.commit, tip)) continue;
    const next = await include(repository, commit, head);
    // Nobody asked for a neighbour's work: where it does not fit, the landing queue will say so.
    if (next === null) continue;
    commit = next;
    included.push(head);
  }
  return { commit, builtOn: included.map(({ task: key, commit: built }) => ({ task: key, commit: built })) };
}

async function dependenciesOf({ store }: BasePorts, { dependencies }: Task): Promise<Task[]> {
  const records = await Promise.all([...new Set(dependencies)].map(async (key) => store.task(key)));
  return records.flatMap((record) => (record === null ? [] : [record.task]));
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
    const head = headOf(other);
    if (other.key === task.key || task.dependencies.includes(other.key)) continue;
    if (head === null || other.pr !== null || !scopesOverlap(task.scope, other.scope, shared)) continue;
    if ((await repository.resolve(head.commit)) === null) continue;
    // What was sent back must not return through a neighbour that was built on it: there would be nothing left to do.
    if (await containsAny(repository, head.commit, own)) continue;
    heads.push(head);
  }
  return heads.sort((a, b) => a.at - b.at || (a.task < b.task ? -1 : 1));
}

/** Commits that earlier attempts at this task were proven with, or that stood for them: they were sent back or reopened since. */
async function ownEarlierWork({ repository, store }: BasePorts, task: Task): Promise<string[]> {
  const attempts = await store.attempts({ task: task.key });
  const commits = attempts.flatMap(({ outcome, commit }) => (outcome === 'done' && commit !== null ? [commit] : []));
  const found = await Promise.all(commits.map(async (commit) => repository.resolve(commit)));
  const restacked = await repository.refs(restackedRefs(task.key));
  return [...found.filter((commit) => commit !== null), ...restacked.map(({ commit }) => commit)];
}

async function containsAny(repository: Repository, commit: string, parts: readonly string[]): Promise<boolean> {
  for (const part of parts) if (await repository.isAncestor(part, commit)) return true;
  return false;
}
