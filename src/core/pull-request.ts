/**
 * Landing by pull requests: what to do next about the pull request of one task, from what was seen of it.
 *
 * Pure. Owns the order in which facts win: git over the forge's word, a person's "no" over a green check. Invariant: work counts
 * as landed only where a look at the base branch shows it; a forge that says "merged" is a reason to look, never a proof.
 */
import type { PullRequestStatus } from './task.ts';

/** How work reaches its target: through the queue, through one pull request per task, or not at all. */
export type LandingMode = 'queue' | 'off' | 'pull-requests';
export const landingModes: readonly LandingMode[] = ['queue', 'off', 'pull-requests'];

/** @param settings what counts where the plan's own file says nothing. */
export function landsBy(plan: { landing?: LandingMode } | null, settings: LandingMode): LandingMode {
  return plan?.landing ?? settings;
}

/** What becomes of a plan all of whose work has landed on its target. */
export type Finish = 'none' | 'fast-forward' | 'merge' | 'pull-request';
export const finishes: readonly Finish[] = ['none', 'fast-forward', 'merge', 'pull-request'];

export type ChecksState = 'none' | 'pending' | 'green' | 'red';
export type ReviewState = 'none' | 'approved' | 'changes';

/** A pull request as the forge tells it; `commit` is the head that it knows. */
export interface PullRequestView {
  number: number;
  state: 'open' | 'merged' | 'closed';
  base: string;
  commit: string | null;
  checks: ChecksState;
  review: ReviewState;
}

/** Where the work of a task could be put now; the branches are those of the remote, by their short names. */
export type Placement =
  /** Its work, or that as a new commit, fits on `base`. */
  | { fits: true; base: string; commit: string }
  | { fits: false; cause: 'conflict' | 'scope'; why: string }
  /** More than one task that it is built on has not landed yet. */
  | { fits: 'later'; why: string }
  /** A person has to see this very work before anybody else does. */
  | { fits: 'unapproved'; why: string };

export interface PullRequestFacts {
  /** The work is on the branch that everything goes to in the end, by a look at git. */
  isOnTrunk: boolean;
  /** The branch that everything goes to in the end. */
  trunk: string;
  placement: Placement;
  /** Tip of the task's own branch on the remote, `null` where there is none. */
  tip: string | null;
  /** Whether the tip is work that Orbit put there. */
  isTipOurs: boolean;
  pull: PullRequestView | null;
  /** Whether the pull request's head, as the forge knows it, stands for this very work and not for earlier one of the task. */
  isPullThisWork: boolean;
  /** Whether the branch of Orbit's that the pull request goes into is gone: forges close such ones by themselves. */
  isBaseGone: boolean;
  /** Orbit merges by itself what is green and not objected to. */
  mergesItself: boolean;
}

export type PullRequestStep =
  | { do: 'land' }
  | { do: 'push'; commit: string; from: string | null }
  | { do: 'open'; base: string }
  | { do: 'retarget'; base: string }
  | { do: 'merge'; commit: string }
  | { do: 'send-back'; cause: 'conflict' | 'scope' | 'red' | 'review'; reason: string }
  /** Goes into the inbox: a person's approval is asked for. */
  | { do: 'ask'; reason: string }
  /** A person closed it without merging. */
  | { do: 'reject'; reason: string }
  /** The forge says something that git does not show. */
  | { do: 'doubt'; reason: string }
  /** `by: 'people'`: nothing moves until a person does something. */
  | { do: 'wait'; by: 'itself' | 'people'; reason: string };

/** The next step, one at a time: each is looked at anew after the one before. */
export function nextPullRequestStep(facts: PullRequestFacts): PullRequestStep {
  const { pull, placement, tip } = facts;
  if (facts.isOnTrunk) return { do: 'land' };
  const ended = pull === null ? null : afterEnd(facts, pull);
  if (ended !== null) return ended;
  if (placement.fits === false) return { do: 'send-back', cause: placement.cause, reason: placement.why };
  if (placement.fits === 'unapproved') return { do: 'ask', reason: placement.why };
  if (placement.fits === 'later') return { do: 'wait', by: 'itself', reason: placement.why };
  if (tip !== placement.commit) {
    if (tip !== null && !facts.isTipOurs) return foreignTip(tip);
    return { do: 'push', commit: placement.commit, from: tip };
  }
  if (pull === null || pull.state !== 'open') return { do: 'open', base: placement.base };
  // A head that the forge has not taken over yet has no checks and reviews of its own.
  if (pull.commit !== placement.commit)
    return { do: 'wait', by: 'itself', reason: `${name(pull)} takes up its new head` };
  if (pull.base !== placement.base && mayRetarget(facts, pull)) return { do: 'retarget', base: placement.base };
  return whileOpen(facts, pull, placement.commit);
}

/** What a pull request's state means for the task's fact about it. */
export function pullRequestStatus(pull: Pick<PullRequestView, 'state' | 'review'>): PullRequestStatus {
  if (pull.state === 'closed') return 'rejected';
  return pull.state === 'open' && pull.review === 'approved' ? 'approved' : 'pending_review';
}

/** `null`: it goes on; its end was that of other, earlier work. */
function afterEnd(
  { isPullThisWork, isBaseGone, trunk }: PullRequestFacts,
  pull: PullRequestView,
): PullRequestStep | null {
  if (pull.state === 'open' || !isPullThisWork) return null;
  // Nobody rejected it: it goes into another branch by a new one.
  if (pull.state === 'closed' && isBaseGone) return null;
  if (pull.state === 'closed') return { do: 'reject', reason: `${name(pull)} was closed without being merged` };
  if (pull.base !== trunk) {
    const reason = `${name(pull)} was merged into ${pull.base}, which has yet to reach ${trunk}`;
    return { do: 'wait', by: 'people', reason };
  }
  return {
    do: 'doubt',
    reason: `${name(pull)} is said to be merged, but ${trunk} does not have its work: look at ${trunk} on the forge`,
  };
}

function whileOpen(facts: PullRequestFacts, pull: PullRequestView, commit: string): PullRequestStep {
  const { trunk, mergesItself } = facts;
  if (pull.review === 'changes')
    return { do: 'send-back', cause: 'review', reason: `${name(pull)}: changes are asked for` };
  if (pull.checks === 'red') return { do: 'send-back', cause: 'red', reason: `${name(pull)}: its checks fail` };
  if (pull.checks === 'pending') return { do: 'wait', by: 'itself', reason: `${name(pull)} waits for its checks` };
  if (pull.base !== trunk) {
    return { do: 'wait', by: 'people', reason: `${name(pull)} waits for the pull request that it is built on` };
  }
  if (mergesItself) return { do: 'merge', commit };
  const state = pull.review === 'approved' ? 'is approved and waits to be merged' : 'waits for a review and its merge';
  return { do: 'wait', by: 'people', reason: `${name(pull)} ${state}` };
}

/** From a dependency's branch on; where a person chose another trunk, that stays. */
function mayRetarget({ trunk, placement }: PullRequestFacts, pull: PullRequestView): boolean {
  return placement.fits === true && (pull.base.startsWith(ownBranchPrefix) || placement.base !== trunk);
}

function foreignTip(tip: string): PullRequestStep {
  return {
    do: 'wait',
    by: 'people',
    reason: `its branch on the forge has ${tip.slice(0, 12)}, which is not Orbit's: merge or remove that by hand`,
  };
}

function name({ number }: Pick<PullRequestView, 'number'>): string {
  return `pull request #${number}`;
}

/** Branches that Orbit makes on a remote start with this, or are `orbit/<plan>`. */
const ownBranchPrefix = 'orbit-work/';

/** The branch of a task on the remote: one for all its attempts, so that a review's thread stays one. */
export function taskBranch(plan: string, task: string): string {
  return `${ownBranchPrefix}${plan}/${task}`;
}

export function planBranch(plan: string): string {
  return `orbit/${plan}`;
}

/** Whether a branch of a remote is one that Orbit makes, and so may move. */
export function isOwnBranch(branch: string): boolean {
  return /^(?:orbit-work\/[A-Za-z0-9][\w.-]*\/|orbit\/)[A-Za-z0-9][\w.-]*$/.test(branch);
}
