/**
 * Folds an event into a task. Total: an event that does not fit leaves the task as it is, it never throws.
 *
 * Owns which fact each event sets. Replaying a task's events from `null` gives the stored task (I6).
 */
import type { TaskEventBody } from './event.ts';
import { keyParts, type TaskKey } from './id.ts';
import { widenedBy } from './widening.ts';
import { failuresKept, type Failure, type Task } from './task.ts';

export interface EventContext {
  key: TaskKey;
  at: number;
  actor: string;
}

type EventOf<T extends TaskEventBody['type']> = Extract<TaskEventBody, { type: T }>;

export function evolveTask(task: Task | null, event: TaskEventBody, context: EventContext): Task | null {
  if (event.type === 'task-created') return task ?? newTask(event, context);
  if (task === null) return null;
  const fold = folds[event.type] as ((task: Task, event: TaskEventBody, context: EventContext) => Task) | undefined;
  // An event that a newer program wrote: what this one does not know changes nothing here.
  return Object.hasOwn(folds, event.type) && fold !== undefined ? fold(task, event, context) : task;
}

type Folds = { readonly [T in TaskEventBody['type']]: (task: Task, event: EventOf<T>, context: EventContext) => Task };

const folds: Folds = {
  'task-created': (task) => task,
  'task-changed': (task, { definition }) => ({ ...task, ...definition }),
  'task-claimed': (task, { agent, token, byHand, expiresAt, course }, { at }) => {
    const rung = course?.rung ?? task.rung;
    const claim = { agent, token, rung, model: course?.model ?? null, byHand, since: at, expiresAt, reported: null };
    const attempts = task.attempts + 1;
    return { ...task, claim, attempts, rung, avoid: null, retryAt: null, startedAt: task.startedAt ?? at };
  },
  'attempt-prepared': (task, { token, builtOn }) => {
    const begun = withoutChosenStart(task);
    if (begun.claim?.token !== token || builtOn === undefined) return begun;
    return { ...begun, claim: { ...begun.claim, builtOn } };
  },
  'base-changed': (task, { token, dependency, commit, why }) =>
    task.claim?.token === token
      ? {
          ...task,
          claim: { ...task.claim, changed: [...(task.claim.changed ?? []), { task: dependency, commit, why }] },
        }
      : task,
  'agent-hinted': (task) => task,
  'progress-told': (task) => task,
  'late-result-kept': (task) => task,
  'completion-reported': (task, { token, commit, noChanges }, { at }) =>
    task.claim?.token === token ? { ...task, claim: { ...task.claim, reported: { at, commit, noChanges } } } : task,
  'task-done': (task, { evidence }, { at }) => {
    const spentMs = task.spentMs + (task.claim === null ? 0 : Math.max(0, at - task.claim.since));
    return { ...task, claim: null, widening: null, evidence, landing: null, retryAt: null, doneAt: at, spentMs };
  },
  'attempt-ended': attemptEnded,
  'task-escalated': (task, { kind, reason, token }, { at }) => ({
    ...task,
    inbox: { kind, reason, token, at },
    retryAt: null,
  }),
  'task-retried': (task, { advice, attemptsGranted }) => ({
    ...task,
    inbox: null,
    retryAt: null,
    // A person's answer is a new beginning for the session, not for the budget.
    rung: task.inbox === null || task.failures.length === 0 ? task.rung : 'fresh',
    avoid: null,
    advice: advice ?? task.advice,
    attemptsGranted: task.attemptsGranted + attemptsGranted,
  }),
  'task-held': (task, { why }, { actor, at }) => ({ ...task, hold: { why, by: actor, at } }),
  'task-unheld': (task) => ({ ...task, hold: null }),
  'task-closed': (task, { as, why }, { actor, at }) => ({
    ...task,
    closed: { as, why, by: actor, at },
    inbox: null,
    hold: null,
    retryAt: null,
    landing: null,
  }),
  // Its pull request showed the work that is taken back; a merge of that must not land the work to come.
  'task-reopened': (task) => ({
    ...task,
    closed: null,
    evidence: null,
    approval: null,
    landing: null,
    inbox: null,
    pr: null,
    doneAt: null,
  }),
  'start-chosen': (task, { start }) => (start === null ? withoutChosenStart(task) : { ...task, startFrom: start }),
  'work-purged': (task) => task,
  'task-advised': (task, { advice }) => ({ ...task, advice }),
  'task-made-whole': (task, { parts, advice }) => ({
    ...task,
    dependencies: task.dependencies.filter((key) => !parts.includes(key)),
    whole: parts,
    rung: 'whole',
    inbox: null,
    retryAt: null,
    avoid: null,
    advice,
  }),
  'landing-queued': (task, { commit }, { at }) => ({
    ...task,
    landing: { state: 'queued', commit, queuedAt: at, begunAt: null, landedAs: null, landedAt: null },
  }),
  'landing-begun': (task, { candidate }, { at }) =>
    task.landing === null ? task : { ...task, landing: { ...task.landing, begunAt: candidate === null ? null : at } },
  'landing-held': (task, { why }, { at }) =>
    task.landing === null
      ? task
      : { ...task, landing: { ...task.landing, held: why === null ? null : { why, since: at } } },
  'task-landed': (task, { commit, landedAs, target }, { at }) => ({
    ...task,
    inbox: null,
    landing: {
      state: 'landed',
      commit,
      queuedAt: task.landing?.queuedAt ?? at,
      begunAt: null,
      landedAs,
      landedAt: at,
      target,
    },
  }),
  'landing-bounced': landingBounced,
  'work-approved': (task, { commit, tree, base }, { actor, at }) => ({
    ...task,
    inbox: task.inbox?.kind === 'approval' ? null : task.inbox,
    approval: { commit, tree, base, by: actor, at },
  }),
  'scope-widened': (task, { entries, byPerson }) => ({
    ...task,
    ...widenedBy(task, entries, byPerson),
    // Other paths that it still waits for stay wished.
    widening: task.widening?.entries.some((entry) => !entries.includes(entry)) === true ? task.widening : null,
  }),
  'widening-waits': (task, { token, entries, why, holder }, { at }) => ({
    ...task,
    widening: { token, entries, why, holder, at },
  }),
  'widening-denied': (task) => ({ ...task, widening: null }),
  // Out of the queue: it joins again with the commit that is true now.
  'work-restacked': (task, { from, commit, base, tree, builtOn }) => {
    if (task.evidence === null) return task;
    const restackedFrom = task.evidence.restackedFrom ?? from;
    return { ...task, landing: null, evidence: { ...task.evidence, commit, base, tree, builtOn, restackedFrom } };
  },
  'pr-changed': (task, { number, status }) => ({ ...task, pr: { number, status } }),
  'pr-dropped': (task) => ({ ...task, pr: null }),
};

/** Its directory is made: the choice is used. */
function withoutChosenStart({ startFrom: _used, ...task }: Task): Task {
  return task;
}

function newTask({ definition, origin }: EventOf<'task-created'>, { key, at }: EventContext): Task {
  return {
    ...definition,
    key,
    plan: keyParts(key).plan,
    closed: null,
    hold: null,
    inbox: null,
    claim: null,
    attempts: 0,
    attemptsGranted: 0,
    spentMs: 0,
    failures: [],
    retryAt: null,
    rung: 'first',
    avoid: null,
    walls: 0,
    origin: origin ?? null,
    advice: null,
    evidence: null,
    approval: null,
    widened: [],
    widening: null,
    landing: null,
    bounces: 0,
    pr: null,
    createdAt: at,
    startedAt: null,
    doneAt: null,
  };
}

function attemptEnded(task: Task, event: EventOf<'attempt-ended'>, { at }: EventContext): Task {
  const { claim } = task;
  if (claim?.token !== event.token) return task;
  const { outcome, reason, retryAt, next } = event;
  const ended = {
    ...task,
    claim: null,
    widening: null,
    retryAt,
    spentMs: task.spentMs + event.spentMs,
    rung: next?.rung ?? task.rung,
    avoid: next?.avoid ?? null,
  };
  if (outcome === 'cancelled') return ended;
  // Given back without blame: the attempt it cost is granted again.
  if (outcome === 'released' || outcome === 'handed-over') {
    const walls = task.walls + (event.cause === 'quota' ? 1 : 0);
    return { ...ended, walls, attemptsGranted: task.attemptsGranted + 1 };
  }
  const { agent, token, rung, model } = claim;
  return { ...ended, failures: addFailure(task, { token, agent, outcome, reason, at, rung, model }) };
}

/** The work was good on its branch and did not fit the target: back to work, on a budget of its own (`bouncesMax`). */
function landingBounced(task: Task, event: EventOf<'landing-bounced'>, { at }: EventContext): Task {
  const { token, reason, retryAt } = event;
  const agent = task.evidence?.agent ?? '';
  return {
    ...task,
    evidence: null,
    landing: null,
    inbox: task.inbox?.kind === 'approval' ? null : task.inbox,
    doneAt: null,
    retryAt,
    // Whoever rejects takes an earlier word back.
    approval: event.cause === 'rejected' ? null : task.approval,
    // A person stands behind each rejection; the bound is for loops without one.
    bounces: task.bounces + (event.cause === 'rejected' ? 0 : 1),
    attemptsGranted: task.attemptsGranted + 1,
    failures: addFailure(task, { token, agent, outcome: 'bounced', reason, at, rung: task.rung, model: null }),
  };
}

function addFailure(task: Task, failure: Failure): Failure[] {
  return [...task.failures, failure].slice(-failuresKept);
}
