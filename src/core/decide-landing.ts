/**
 * Decides what the landing queue may note about a task: it joined, it landed once (I9), or it was sent back.
 *
 * Owns the bound on sending back (I11): after `bouncesMax` times a person looks at it, since another try would be another
 * rebase of the same clash.
 */
import type { CommandOf, Deciders, Decision } from './decision.ts';
import type { TaskEventBody } from './event.ts';
import { editedRefusal } from './judged-by.ts';
import { reject, type Rejection } from './rejection.ts';
import { isLanded } from './status.ts';
import type { Evidence, Landing, Task } from './task.ts';

export const landingDeciders: Deciders<
  'queue-landing' | 'begin-landing' | 'note-held' | 'land' | 'bounce' | 'restack'
> = {
  'queue-landing': (task) => {
    const refusal = landingRefusal(task);
    if (refusal !== null) return refusal;
    if (task.landing !== null) return reject('already-done', `${task.key} is in the queue already`, 'nothing to do');
    return { events: [{ type: 'landing-queued', commit: task.evidence?.commit ?? '' }] };
  },
  'begin-landing': (task, { commit, candidate, judgedBy }, { planChecks }) => {
    const queued = queuedOf(task);
    if ('rejected' in queued) return queued;
    // A person's word that came while the train was validated. What has begun already is seen to its end.
    if (candidate !== null && queued.landing.begunAt === null && (task.hold !== null || task.inbox !== null))
      return reject('task-held', `${task.key} is kept back by now`, `orbit why ${task.key}`);
    const edited = judgedBy === null ? null : editedRefusal(task, judgedBy, planChecks);
    const refusal = otherCommit(task, queued.landing, commit) ?? edited;
    return refusal ?? { events: [{ type: 'landing-begun', commit, candidate }] };
  },
  'note-held': (task, { why }) => {
    const queued = queuedOf(task);
    if ('rejected' in queued) return queued;
    const known = queued.landing.held?.why ?? null;
    return known === why
      ? reject('already-done', `that is noted of ${task.key} already`, 'nothing to do')
      : { events: [{ type: 'landing-held', why }] };
  },
  land: (task, { commit, landedAs, tree, target, judgedBy }, { planChecks }) => {
    const queued = queuedOf(task);
    if ('rejected' in queued) return queued;
    const edited = judgedBy === undefined ? null : editedRefusal(task, judgedBy, planChecks);
    const refusal = otherCommit(task, queued.landing, commit) ?? edited;
    return refusal ?? { events: [{ type: 'task-landed', commit, landedAs, tree, target }] };
  },
  bounce: (task, command, { now, planChecks }) => {
    const proven = provenOf(task);
    if ('rejected' in proven) return proven;
    const begun = begunRefusal(task);
    if (begun !== null) return begun;
    const edited = command.judgedBy === undefined ? null : editedRefusal(task, command.judgedBy, planChecks);
    const refusal = otherCommit(task, task.landing ?? proven, command.commit) ?? edited;
    return refusal ?? sendBack(task, { ...command, token: proven.token, now });
  },
  restack: (task, { from, commit, base, tree, builtOn }) => {
    const proven = provenOf(task);
    if ('rejected' in proven) return proven;
    const begun = begunRefusal(task);
    if (begun !== null) return begun;
    const refusal = otherCommit(task, proven, from);
    const { token } = proven;
    return refusal ?? { events: [{ type: 'work-restacked', token, from, commit, base, tree, builtOn }] };
  },
};

/** The target may have moved already: only its landing, or that being taken back, may change the task. */
function begunRefusal({ key, landing }: Task): Rejection | null {
  if (landing === null || landing.begunAt === null) return null;
  return reject('landing-begun', `${key} is being moved onto its target`, 'look again soon');
}

function landingRefusal(task: Task): Rejection | null {
  const { key, closed, evidence } = task;
  if (isLanded(task)) return reject('already-done', `${key} has landed already`, 'nothing to do');
  if (closed !== null) return reject('task-ended', `${key} was ${closed.as}`, `orbit show ${key}`);
  if (evidence?.commit === undefined || evidence.commit === null) {
    return reject('not-done', `${key} has no proven work to land`, `orbit why ${key}`);
  }
  return null;
}

/** Work that is proven and has not landed, queued or not. */
function provenOf(task: Task): Evidence | Rejection {
  const { evidence } = task;
  const refusal = landingRefusal(task);
  if (refusal !== null) return refusal;
  return evidence ?? reject('not-done', `${task.key} has no proven work to land`, `orbit why ${task.key}`);
}

function queuedOf(task: Task): { evidence: Evidence; landing: Landing } | Rejection {
  const { evidence, landing } = task;
  const refusal = landingRefusal(task);
  if (refusal !== null) return refusal;
  if (evidence === null || landing === null) {
    return reject('not-done', `${task.key} is not in the queue`, `orbit why ${task.key}`);
  }
  return { evidence, landing };
}

function otherCommit({ key }: Task, { commit }: { commit: string | null }, tried: string): Rejection | null {
  return tried === commit ? null : reject('not-done', `${key} hands in ${commit}, not ${tried}`, 'look again');
}

type SendBack = Pick<CommandOf<'bounce'>, 'cause' | 'reason' | 'rule'> & { token: number; now: number };

function sendBack(task: Task, { cause, reason, rule, token, now }: SendBack): Decision {
  const times = task.bounces + 1;
  const isUsed = times >= rule.bouncesMax;
  const bounced: TaskEventBody = { type: 'landing-bounced', token, cause, reason, retryAt: isUsed ? null : now };
  if (!isUsed) return { events: [bounced] };
  const kind = cause === 'conflict' ? 'conflict' : 'refused';
  const why = `landing sent it back ${times} times; last: ${reason}`;
  return { events: [bounced, { type: 'task-escalated', kind, reason: why, token }] };
}
