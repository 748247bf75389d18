/**
 * Folds an event into a task. Total: an event that does not fit leaves the task as it is, it never throws.
 *
 * Owns which fact each event sets. Replaying a task's events from `null` gives the stored task (I6).
 */
import type { TaskEventBody } from './event.ts';
import { keyParts, type TaskKey } from './id.ts';
import { failuresKept, type Failure, type Task, type TaskDefinition } from './task.ts';

export interface EventContext {
  key: TaskKey;
  at: number;
  actor: string;
}

type EventOf<T extends TaskEventBody['type']> = Extract<TaskEventBody, { type: T }>;

export function evolveTask(task: Task | null, event: TaskEventBody, context: EventContext): Task | null {
  if (event.type === 'task-created') return task ?? newTask(event.definition, context);
  if (task === null) return null;
  const { at, actor } = context;
  switch (event.type) {
    case 'task-changed':
      return { ...task, ...event.definition };
    case 'task-claimed': {
      const { agent, token, byHand, expiresAt } = event;
      const claim = { agent, token, byHand, since: at, expiresAt, reported: null };
      return { ...task, claim, attempts: task.attempts + 1, retryAt: null, startedAt: task.startedAt ?? at };
    }
    case 'attempt-prepared':
    case 'late-result-kept':
      return task;
    case 'completion-reported': {
      if (task.claim?.token !== event.token) return task;
      return { ...task, claim: { ...task.claim, reported: { at, commit: event.commit, noChanges: event.noChanges } } };
    }
    case 'task-done': {
      const spentMs = task.spentMs + (task.claim === null ? 0 : Math.max(0, at - task.claim.since));
      return { ...task, claim: null, evidence: event.evidence, landing: null, retryAt: null, doneAt: at, spentMs };
    }
    case 'attempt-ended':
      return attemptEnded(task, event, at);
    case 'task-escalated':
      return { ...task, inbox: { kind: event.kind, reason: event.reason, token: event.token, at }, retryAt: null };
    case 'task-retried': {
      const { advice, attemptsGranted } = event;
      return {
        ...task,
        inbox: null,
        retryAt: null,
        advice: advice ?? task.advice,
        attemptsGranted: task.attemptsGranted + attemptsGranted,
      };
    }
    case 'task-held':
      return { ...task, hold: { why: event.why, by: actor, at } };
    case 'task-unheld':
      return { ...task, hold: null };
    case 'task-closed':
      return {
        ...task,
        closed: { as: event.as, why: event.why, by: actor, at },
        inbox: null,
        hold: null,
        retryAt: null,
        landing: null,
      };
    case 'task-reopened':
      // Its pull request showed the work that is taken back; a merge of that must not land the work to come.
      return { ...task, closed: null, evidence: null, landing: null, inbox: null, pr: null, doneAt: null };
    case 'task-advised':
      return { ...task, advice: event.advice };
    case 'landing-queued':
      return {
        ...task,
        landing: { state: 'queued', commit: event.commit, queuedAt: at, landedAs: null, landedAt: null },
      };
    case 'task-landed': {
      const queuedAt = task.landing?.queuedAt ?? at;
      return {
        ...task,
        inbox: null,
        landing: { state: 'landed', commit: event.commit, queuedAt, landedAs: event.landedAs, landedAt: at },
      };
    }
    case 'landing-bounced':
      return landingBounced(task, event, at);
    case 'pr-changed':
      return { ...task, pr: { number: event.number, status: event.status } };
    default:
      // An event that a newer program wrote: what this one does not know changes nothing here.
      event satisfies never;
      return task;
  }
}

function newTask(definition: TaskDefinition, { key, at }: EventContext): Task {
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
    advice: null,
    evidence: null,
    landing: null,
    bounces: 0,
    pr: null,
    createdAt: at,
    startedAt: null,
    doneAt: null,
  };
}

function attemptEnded(task: Task, event: EventOf<'attempt-ended'>, at: number): Task {
  if (task.claim?.token !== event.token) return task;
  const { token, outcome, reason, retryAt } = event;
  const ended = { ...task, claim: null, retryAt, spentMs: task.spentMs + event.spentMs };
  if (outcome === 'cancelled') return ended;
  // Given back without blame: the attempt it cost is granted again.
  if (outcome === 'released') return { ...ended, attemptsGranted: task.attemptsGranted + 1 };
  return { ...ended, failures: addFailure(task, { token, agent: task.claim.agent, outcome, reason, at }) };
}

/** The work was good on its branch and did not fit the target: back to work, on a budget of its own (`bouncesMax`). */
function landingBounced(task: Task, event: EventOf<'landing-bounced'>, at: number): Task {
  const { token, reason, retryAt } = event;
  const agent = task.evidence?.agent ?? '';
  return {
    ...task,
    evidence: null,
    landing: null,
    doneAt: null,
    retryAt,
    bounces: task.bounces + 1,
    attemptsGranted: task.attemptsGranted + 1,
    failures: addFailure(task, { token, agent, outcome: 'bounced', reason, at }),
  };
}

function addFailure(task: Task, failure: Failure): Failure[] {
  return [...task.failures, failure].slice(-failuresKept);
}
