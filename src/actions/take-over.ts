/**
 * Takes a finished plan over: a branch of the user's comes to hold all that landed on the plan's target.
 *
 * Owns that move. Forward where the branch has not gone on, else by a merge made in the object database; only to a tree at which every
 * check is green (I8), by compare-and-swap (I9), and over no work of the user's: a checkout of the branch is clean and follows, or
 * nothing moves.
 */
import type { Plan } from '../core/plan.ts';
import { holdBranch, type HoldFault } from './hold-branch.ts';
import { projectionPaths } from './projection-paths.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import type { Store } from '../store/store.ts';
import type { Repository } from '../workspace/repository.ts';
import type { CheckSlot, Workspaces } from '../workspace/workspace.ts';
import { checkTree, someOf, type CheckPorts } from './check-tree.ts';

export interface TakeOverPorts extends CheckPorts {
  repository: Repository;
  store: CheckPorts['store'] & Pick<Store, 'plans'>;
  workspaces: () => Promise<Pick<Workspaces, 'checkout'>>;
}

export interface TakeOverOrder {
  plan: Plan;
  /** Full ref of the user's branch. */
  branch: string;
  /** The target's tip, as it was looked at. */
  tip: string;
  /** Commands that must be green at the resulting tree. */
  checks: readonly string[];
  /** Files that git ignores and checks need. */
  bring: readonly string[];
}

export interface TakenOver {
  how: 'fast-forward' | 'merge';
  commit: string;
  tree: string;
}

export async function takeOver(ports: TakeOverPorts, order: TakeOverOrder): Promise<TakenOver | Rejection> {
  const { repository } = ports;
  const { plan, branch, tip } = order;
  const head = await repository.resolve(branch);
  if (head === null) return reject('not-done', `there is no branch ${short(branch)}`, `git branch ${short(branch)}`);
  if (await repository.isAncestor(tip, head)) {
    return reject('already-done', `${short(branch)} has all that landed on ${short(plan.target)}`, 'nothing to do');
  }
  const dirty = await dirtyFault(ports, branch);
  if (dirty !== null) return dirty;
  const wanted = await wantedCommit(ports, order, head);
  if (isRejection(wanted)) return wanted;
  const refusal = await treeFault(ports, order, wanted);
  return refusal ?? move(ports, order, { head, wanted });
}

async function dirtyFault({ repository, store }: TakeOverPorts, branch: string): Promise<Rejection | null> {
  const checkout = await repository.checkedOut(branch, await projectionPaths(store));
  if (checkout?.dirty !== true) return null;
  return uncommitted(branch, checkout.directory);
}

async function wantedCommit(
  { repository, clock }: TakeOverPorts,
  { plan, branch, tip }: TakeOverOrder,
  head: string,
): Promise<TakenOver | Rejection> {
  if (await repository.isAncestor(head, tip)) {
    return { how: 'fast-forward', commit: tip, tree: await repository.tree(tip) };
  }
  const merge = await repository.merge(head, tip);
  if (!merge.clean) {
    const paths = merge.paths.slice(0, 10).join(', ');
    return reject(
      'cannot-merge',
      `${short(branch)} has gone on by itself, and conflicts with ${short(plan.target)} in ${paths}`,
      `take it over with git merge ${short(plan.target)}`,
    );
  }
  const message = `Merge ${short(plan.target)}: ${plan.title}\n\nOrbit-Plan: ${plan.id}\n`;
  const commit = await repository.commit({ tree: merge.tree, parents: [head, tip], message, atMs: clock.now() });
  return { how: 'merge', commit, tree: merge.tree };
}

/** Runs what has no green verdict at exactly this tree. */
async function treeFault(
  ports: TakeOverPorts,
  { checks, bring }: TakeOverOrder,
  { commit, tree }: TakenOver,
): Promise<Rejection | null> {
  const checkout = async (): Promise<CheckSlot> => (await ports.workspaces()).checkout(commit, bring);
  const checked = await checkTree(ports, { tree, checks, checkout });
  if (checked.outcome === 'green') return null;
  if (checked.outcome === 'unable') return red('the tree that the branch would have cannot be checked', checked.reason);
  if (checked.outcome === 'ended') return red('the checks were ended', 'nothing was moved');
  const { check, tail, changed } = checked;
  if (changed.length > 0) return red(`check "${check}" changes files of the commit`, someOf(changed));
  return red(`check "${check}" fails at the tree that the branch would have`, tail);
}

function red(what: string, tail: string): Rejection {
  return reject('check-failed', `${what}: ${tail}`, 'mend it by a new task, then try again');
}

async function move(
  ports: TakeOverPorts,
  { plan, branch }: TakeOverOrder,
  { head, wanted }: { head: string; wanted: TakenOver },
): Promise<TakenOver | Rejection> {
  const { repository } = ports;
  const hold = await holdBranch(ports, { ref: branch, from: head, to: wanted.commit });
  if ('kind' in hold) return refusedHold(plan, branch, hold);
  try {
    const moved = await hold.move(async () => repository.moveRefs([{ ref: branch, from: head, to: wanted.commit }]));
    if (moved.outcome === 'in-the-way') return cannotFollow(plan, branch, moved.why);
    return moved.outcome === 'refused' ? movedMeanwhile(branch) : wanted;
  } finally {
    await hold.release();
  }
}

function refusedHold(plan: Plan, branch: string, { kind, directory, why }: HoldFault): Rejection {
  if (kind === 'moved') return movedMeanwhile(branch);
  if (kind === 'in-the-way') return cannotFollow(plan, branch, why);
  if (kind === 'dirty') return uncommitted(branch, directory);
  return reject('cannot-merge', `${short(branch)} is checked out in ${directory}, and ${why}`, 'then try again');
}

function movedMeanwhile(branch: string): Rejection {
  return reject('cannot-merge', `${short(branch)} moved meanwhile`, 'try again: it is looked at anew');
}

function uncommitted(branch: string, directory: string): Rejection {
  return reject(
    'uncommitted-changes',
    `${short(branch)} has changes of its own in ${directory}`,
    'commit or remove them, then try again',
  );
}

function cannotFollow({ target }: Plan, branch: string, why: string): Rejection {
  return reject(
    'cannot-merge',
    `${short(branch)} could not follow ${short(target)} (${why})`,
    `take it over with git merge ${short(target)}`,
  );
}

export function short(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
