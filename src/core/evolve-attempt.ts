/**
 * Folds a task's event into the attempt that it concerns.
 *
 * Owns which part of an attempt follows from the log. The pulse starts with the claim and is moved by beats alone.
 */
import type { Attempt } from './attempt.ts';
import type { TaskEventBody } from './event.ts';
import type { EventContext } from './evolve-task.ts';

/** The token of the attempt that an event is about, or `null`. */
export function attemptOf(event: TaskEventBody): number | null {
  if (event.type === 'task-done') return event.evidence.token;
  return 'token' in event ? event.token : null;
}

/** @param attempt as stored, `null` before its `task-claimed`. */
export function evolveAttempt(attempt: Attempt | null, event: TaskEventBody, context: EventContext): Attempt | null {
  if (event.type === 'task-claimed') return newAttempt(event, context);
  if (attempt === null || attempt.endedAt !== null) return attempt;
  if (event.type === 'attempt-prepared') {
    const { branch, workspace, base, logs, start = base, builtOn } = event;
    return { ...attempt, branch, workspace, base, logs, start, ...(builtOn === undefined ? {} : { builtOn }) };
  }
  if (event.type === 'task-done') {
    return { ...attempt, endedAt: context.at, outcome: 'done', commit: event.evidence.commit };
  }
  if (event.type === 'attempt-ended') {
    const { outcome, reason, commit, acted = null, cause = null, notes = null } = event;
    return { ...attempt, endedAt: context.at, outcome, reason, commit, acted, cause, notes };
  }
  return attempt;
}

function newAttempt(event: Extract<TaskEventBody, { type: 'task-claimed' }>, { key, at }: EventContext): Attempt {
  const { agent, token, byHand, expiresAt, base, workspace, branch, course } = event;
  return {
    token,
    task: key,
    agent,
    byHand,
    rung: course?.rung ?? 'first',
    adapter: course?.adapter ?? null,
    model: course?.model ?? null,
    thinking: course?.thinking ?? null,
    startedAt: at,
    branch,
    workspace,
    base,
    start: base,
    logs: null,
    endedAt: null,
    outcome: null,
    reason: null,
    acted: null,
    cause: null,
    notes: null,
    commit: null,
    pulse: {
      at,
      expiresAt,
      step: 0,
      activeAt: at,
      doing: '',
      runner: null,
      agent: null,
      tokens: 0,
      costUsd: 0,
      contextUsed: null,
      contextSize: null,
      todo: null,
      session: null,
      model: null,
    },
  };
}
