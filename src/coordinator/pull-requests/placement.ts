/**
 * Where a task's work can be put on the forge: on which branch, and as which commit.
 *
 * Owns the head of a pull request. It is the finished commit itself while the branch below has all that it was built on; else one new
 * commit with only the task's own change (a restack), which stays the same while it still fits, so that checks and reviews are not
 * begun anew by every commit of others. Work that was put onto a corrected base (`work-restacked`) is other work: its commit becomes the
 * new head. Commits so made are pinned by refs of their own, which are never moved.
 */
import { attemptRefs, restackedRefs } from '../../core/kept-refs.ts';
import { baseSubject } from '../../core/landing.ts';
import type { Placement } from '../../core/pull-request.ts';
import { taskBranch } from '../../core/pull-request.ts';
import { isLanded } from '../../core/status.ts';
import type { Evidence, Task } from '../../core/task.ts';
import type { Remote } from '../../workspace/remote.ts';
import type { Repository } from '../../workspace/repository.ts';
import { admit } from '../landing/admission.ts';
import { listPaths } from '../landing/path-list.ts';
import type { LandingContext } from '../landing/step.ts';

export interface PlacementOrder {
  task: Task;
  evidence: Evidence & { commit: string };
  trunk: { name: string; tip: string };
  /** Tips of Orbit's branches on the remote. */
  tips: ReadonlyMap<string, string>;
  remote: Pick<Remote, 'fetch'>;
}

interface Ground {
  base: string;
  tip: string;
}

export async function placeWork({ ports, settings }: LandingContext, order: PlacementOrder): Promise<Placement> {
  const { repository } = ports;
  const ground = await groundOf(ports, order);
  if ('fits' in ground) return ground;
  const { task, evidence } = order;
  const from = await workBase(repository, evidence, ground.tip);
  const refusal = await admit(repository, {
    task,
    from,
    commit: evidence.commit,
    shared: settings.shared,
    policy: settings.approval,
  });
  // A pushed branch is run by the forge's CI at once, so a person sees what is risky before that.
  if (refusal?.cause === 'approval') return { fits: 'unapproved', why: refusal.reason };
  if (refusal !== null) return { fits: false, cause: refusal.cause, why: refusal.reason };
  const kept = await keptHead(repository, order, { ground, from });
  const commit = kept ?? (await newHead(repository, order, { ground, from }));
  if (typeof commit !== 'string') return commit;
  const merge = await repository.merge(ground.tip, commit);
  if (!merge.clean) return conflict(ground, merge.paths);
  return { fits: true, base: ground.base, commit };
}

/** Where the change of the work begins. */
export async function workBase(
  repository: Repository,
  { base, commit }: Evidence & { commit: string },
  tip: string,
): Promise<string> {
  return base ?? (await repository.mergeBase(tip, commit)) ?? tip;
}

/** The branch below: the trunk, or that of the one dependency that has not landed yet. */
async function groundOf(
  { store, repository }: LandingContext['ports'],
  { task, trunk, tips }: PlacementOrder,
): Promise<Ground | Placement> {
  const open: Task[] = [];
  for (const key of task.dependencies) {
    const needed = (await store.task(key))?.task;
    if (needed !== undefined && needed.closed === null && !isLanded(needed)) open.push(needed);
  }
  const [first] = open;
  if (first === undefined) return { base: trunk.name, tip: trunk.tip };
  const ids = open.map(({ id }) => id).join(', ');
  if (open.length > 1)
    return { fits: 'later', why: `it is built on ${ids}; its pull request comes when all but one of them have landed` };
  const base = taskBranch(first.plan, first.id);
  const tip = tips.get(base);
  const { evidence } = first;
  // A branch with something else on it would make that part of this work.
  const isThere =
    tip !== undefined &&
    typeof evidence?.commit === 'string' &&
    (await holds(repository, { task: first, evidence: { ...evidence, commit: evidence.commit } }, tip));
  if (!isThere) return { fits: 'later', why: `it is built on ${ids}, which has no pull request now` };
  return { base, tip };
}

/**
 * What is on the remote already, as long as it still stands for this work on this ground. That people added commits on top of it
 * is their right: then theirs is the head.
 */
async function keptHead(
  repository: Repository,
  { task, evidence, tips, remote }: PlacementOrder,
  at: { ground: Ground; from: string },
): Promise<string | null> {
  const branch = taskBranch(task.plan, task.id);
  const tip = tips.get(branch);
  if (tip === undefined || tip === evidence.commit) return null;
  if (await isHeadOf(repository, { task, evidence }, tip)) {
    const [parent] = await repository.parents(tip);
    return parent !== undefined && (await repository.isAncestor(parent, at.ground.tip)) ? tip : null;
  }
  if ((await repository.resolve(tip)) === null && (await remote.fetch(`refs/heads/${branch}`)) !== tip) return null;
  return (await holds(repository, { task, evidence }, tip)) ? tip : null;
}

/** Whether a tip is this work, or has it and what people added on top. */
async function holds(
  repository: Repository,
  { task, evidence }: { task: Task; evidence: Evidence & { commit: string } },
  tip: string,
): Promise<boolean> {
  if ((await repository.resolve(tip)) === null) return false;
  for (const head of [evidence.commit, ...(await headsOf(repository, task, evidence))])
    if (await repository.isAncestor(head, tip)) return true;
  return false;
}

async function headsOf(repository: Repository, task: Task, evidence: Evidence & { commit: string }): Promise<string[]> {
  const own = headRef(task, evidence, '');
  return (await repository.refs(headRefs(task))).filter(({ ref }) => ref.startsWith(own)).map(({ commit }) => commit);
}

/** Whether a commit stands for exactly this work: the finished commit, or a restack of it. */
export async function isHeadOf(
  repository: Repository,
  { task, evidence }: { task: Task; evidence: Evidence & { commit: string } },
  commit: string,
): Promise<boolean> {
  return commit === evidence.commit || (await repository.resolve(headRef(task, evidence, commit))) === commit;
}

async function newHead(
  repository: Repository,
  { task, evidence }: PlacementOrder,
  { ground, from }: { ground: Ground; from: string },
): Promise<string | Placement> {
  if (await builtOn(repository, from, ground.tip)) return evidence.commit;
  const merge = await repository.merge(ground.tip, evidence.commit, from);
  if (!merge.clean) return conflict(ground, merge.paths);
  const message = `${task.title}\n\nOrbit-Task: ${task.key}\nOrbit-Attempt: ${evidence.token}\n`;
  const commit = await repository.commit({ tree: merge.tree, parents: [ground.tip], message, atMs: evidence.at });
  // Pinned before it is pushed: a tip that nobody here knows would count as somebody else's.
  await repository.moveRefs([{ ref: headRef(task, evidence, commit), from: null, to: commit }]);
  return commit;
}

/** Whether the ground has all that the work was built on, but for the merges that Orbit made to build its base. */
async function builtOn(repository: Repository, from: string, tip: string): Promise<boolean> {
  if (await repository.isAncestor(from, tip)) return true;
  return (await repository.subjects(tip, from)).every((subject) => subject.startsWith(baseSubject));
}

/** Whether a tip of the task's branch is work that Orbit put there, by what is kept of all its attempts. */
export async function isOwnTip(repository: Repository, task: Task, tip: string): Promise<boolean> {
  if ((await repository.resolve(tip)) === null) return false;
  const kept = [
    ...(await repository.refs(attemptRefs(task.id))),
    ...(await repository.refs(headRefs(task))),
    // What the work became on a corrected base.
    ...(await repository.refs(restackedRefs(task.key))),
  ];
  for (const { commit } of kept) if (await repository.isAncestor(tip, commit)) return true;
  return false;
}

function headRefs({ id }: Task): string {
  return `refs/orbit/pull-request/${id}`;
}

/** Names the work too: an attempt's work may become another commit, and then heads made of the old one stand for it no longer. */
function headRef(task: Task, evidence: Evidence & { commit: string }, commit: string): string {
  return `${headRefs(task)}/${evidence.token}-${evidence.commit.slice(0, 12)}-${commit}`;
}

function conflict({ base }: Ground, paths: readonly string[]): Placement {
  return { fits: false, cause: 'conflict', why: `it conflicts with ${base} on the forge in ${listPaths(paths)}` };
}
