/**
 * Looks at everything about one task's pull request, so that core can decide.
 *
 * Owns what is asked of whom: git whether the work is on the trunk, the remote where its branch is, the forge for the rest.
 */
import { taskMarker } from '../../core/pull-request-text.ts';
import { isOwnBranch, taskBranch, type Placement, type PullRequestFacts } from '../../core/pull-request.ts';
import type { Evidence, Task } from '../../core/task.ts';
import type { Checks, PullRequest, Reviews } from '../../forge/forge.ts';
import { OperationalError } from '../../platform/error.ts';
import type { LandingContext } from '../landing/step.ts';
import type { ForgeAccess } from './access.ts';
import type { CheckStarts } from './check-starts.ts';
import { isHeadOf, isOwnTip, placeWork, workBase } from './placement.ts';

export interface Subject {
  task: Task;
  evidence: Evidence & { commit: string };
  branch: string;
}

export interface Scene {
  access: ForgeAccess;
  trunk: { name: string; tip: string };
  /** Tips of Orbit's branches on the remote as last seen; a push is followed by a new look. */
  tips: Map<string, string>;
  mergesItself: boolean;
  starts: CheckStarts;
}

export interface Seen {
  facts: PullRequestFacts;
  /** The commit on the trunk that carries the work, `null` where none does. */
  landedAs: string | null;
  /** Whether the very head is in the trunk's history, so that every forge notices by itself. */
  isAncestor: boolean;
  pull: PullRequest | null;
  checks: Checks;
  reviews: Reviews;
}

const noChecks: Checks = { state: 'none', failed: [] };
const noReviews: Reviews = { state: 'none', comments: [] };

export function subjectOf(task: Task): Subject | null {
  const { evidence } = task;
  if (evidence === null || evidence.commit === null) return null;
  return { task, evidence: { ...evidence, commit: evidence.commit }, branch: taskBranch(task.plan, task.id) };
}

export async function lookAt(context: LandingContext, scene: Scene, subject: Subject): Promise<Seen> {
  const { repository } = context.ports;
  const { access, trunk, tips, mergesItself } = scene;
  const { task, evidence, branch } = subject;
  const pull = await pullRequestOf(access, subject);
  const landedAs = await landedOnTrunk(context, scene, { subject, pull });
  const head = pull?.commit ?? evidence.commit;
  const isAncestor =
    landedAs !== null && (await repository.resolve(head)) !== null && (await repository.isAncestor(head, trunk.tip));
  // One that a person opened from a branch of their own is followed, and nothing of it is moved.
  const theirs = pull !== null && pull.head !== branch ? pull : null;
  const tip = theirs === null ? (tips.get(branch) ?? null) : theirs.commit;
  const placement = landedAs === null ? await placementOf() : ({ fits: 'later', why: 'it has landed' } as const);
  const isOpen = pull?.state === 'open' && landedAs === null;
  const checks = isOpen && pull.commit !== null ? await access.forge.checks(pull.commit) : noChecks;
  const checked =
    mergesItself && isOpen && pull.commit !== null ? scene.starts.settle(pull.commit, checks.state) : checks.state;
  const reviews = isOpen ? await access.forge.reviews(pull) : noReviews;
  const facts: PullRequestFacts = {
    isOnTrunk: landedAs !== null,
    trunk: trunk.name,
    placement,
    tip,
    isTipOurs: tip !== null && (await isOwnTip(repository, task, tip)),
    pull: pull === null ? null : { ...pull, checks: checked, review: reviews.state },
    isPullThisWork:
      theirs !== null || (typeof pull?.commit === 'string' && (await isHeadOf(repository, subject, pull.commit))),
    isBaseGone: pull !== null && isOwnBranch(pull.base) && !tips.has(pull.base),
    // What cannot be seen may be red.
    mergesItself: mergesItself && checks.unseen !== true && theirs === null,
  };
  return { facts, landedAs, isAncestor, pull, checks, reviews };

  async function placementOf(): Promise<Placement> {
    if (theirs !== null) return { fits: true, base: theirs.base, commit: theirs.commit ?? '' };
    return placeWork(context, { task, evidence, trunk, tips, remote: access.remote });
  }
}

/** The one that is noted, else what is found by branch and marker: a crash may have come between opening and noting. */
async function pullRequestOf({ forge }: ForgeAccess, { task, branch }: Subject): Promise<PullRequest | null> {
  if (task.pr !== null) {
    try {
      return await forge.get(task.pr.number);
    } catch (error) {
      if (!(error instanceof OperationalError) || error.code !== 'forge-not-found') throw error;
    }
  }
  return forge.find({ head: branch, marker: taskMarker(task.key) });
}

/**
 * The commit on the trunk that carries the work, by git alone: the work is in its history, or merging it would add nothing (squashed or
 * rebased on the forge, whoever did it).
 */
async function landedOnTrunk(
  context: LandingContext,
  { access, trunk }: Scene,
  { subject: { evidence }, pull }: { subject: Subject; pull: PullRequest | null },
): Promise<string | null> {
  const { repository } = context.ports;
  const mergedAs = pull?.state === 'merged' ? pull.mergedAs : null;
  const isKnown = mergedAs !== null && (await repository.resolve(mergedAs)) !== null;
  const as = isKnown && (await repository.isAncestor(mergedAs, trunk.tip)) ? mergedAs : trunk.tip;
  const from = await workBase(repository, evidence, trunk.tip);
  if (await addsNothing(evidence.commit, from)) return as;
  if (pull?.state !== 'merged' || pull.commit === null || pull.commit === evidence.commit || pull.base !== trunk.name)
    return null;
  // People may have added to it before they merged it; then what they merged has the work in its history.
  const head = await known(pull.commit, pull.keptRef);
  if (head === null || !(await repository.isAncestor(evidence.commit, head))) return null;
  return (await addsNothing(head, from)) ? as : null;

  async function addsNothing(commit: string, since: string): Promise<boolean> {
    if (await repository.isAncestor(commit, trunk.tip)) return true;
    for (const at of new Set([as, trunk.tip])) {
      const merge = await repository.merge(at, commit, since);
      if (merge.clean && merge.tree === (await repository.tree(at))) return true;
    }
    return false;
  }

  async function known(commit: string, ref: string | null): Promise<string | null> {
    if ((await repository.resolve(commit)) !== null) return commit;
    return ref !== null && (await access.remote.fetch(ref)) === commit ? commit : null;
  }
}
