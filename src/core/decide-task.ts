/**
 * Decides what a command does to a task: events, or a rejection.
 *
 * Pure and total. Invariants held here: at most one live claim (I1), nothing by an old token (I2), a start only when the
 * dependencies allow (I14), bounded attempts and budget (I11), every dead end is in a person's inbox (I10).
 */
import { mayTake } from './agent-name.ts';
import type { RetryRule, Surroundings, TaskCommand } from './command.ts';
import type { TaskEventBody } from './event.ts';
import { reject, type Rejection } from './rejection.ts';
import { nextStep } from './retry.ts';
import { hasEnded, isLanded } from './status.ts';
import type { Claim, Task } from './task.ts';

/** `audit` events are kept although the command is refused: the traces of late writes. */
export type Decision = { events: readonly TaskEventBody[] } | (Rejection & { audit?: readonly TaskEventBody[] });

type CommandOf<T extends TaskCommand['type']> = Extract<TaskCommand, { type: T }>;

/** @param task the task as stored, `null` if there is none. */
export function decideTask(task: Task | null, command: TaskCommand, around: Surroundings): Decision {
  if (command.type === 'create') {
    if (task !== null) return reject('task-ended', `${task.key} exists already`, 'choose another id');
    return { events: [{ type: 'task-created', definition: command.definition }] };
  }
  if (task === null) return reject('task-not-found', 'there is no such task', 'orbit list shows all tasks');
  switch (command.type) {
    case 'change':
      return { events: [{ type: 'task-changed', definition: command.definition }] };
    case 'claim':
      return decideClaim(task, command, around);
    case 'prepare':
    case 'report':
    case 'prove':
    case 'fail':
    case 'expire':
    case 'release':
    case 'block':
      return decideAttempt(task, command, around);
    case 'queue-landing':
    case 'land':
    case 'bounce':
      return decideLanding(task, command, around);
    case 'set-pr':
      return { events: [{ type: 'pr-changed', number: command.number, status: command.status }] };
    default:
      return decideByPerson(task, command, around);
  }
}

function decideClaim(task: Task, command: CommandOf<'claim'>, around: Surroundings): Decision {
  const refusal = claimRefusal(task, command.agent, around);
  if (refusal !== null) return refusal;
  const { agent, byHand, base, workspace, branch } = command;
  const expiresAt = around.now + command.leaseMs;
  return {
    events: [{ type: 'task-claimed', agent, token: around.nextToken, byHand, expiresAt, base, workspace, branch }],
  };
}

/** Why `agent` may not take the task now, or `null`. Scopes are the store's part: they concern other tasks. */
export function claimRefusal(task: Task, agent: string, around: Surroundings): Rejection | null {
  const { key, claim } = task;
  if (hasEnded(task)) return reject('task-ended', `${key} has ended`, `orbit show ${key}`);
  if (task.evidence !== null) return reject('already-done', `${key} is done and waits to land`, `orbit show ${key}`);
  if (claim !== null) {
    const whose = claim.agent === agent ? `you (${agent}) hold it already` : `${claim.agent} holds it`;
    return reject('task-claimed', `${key}: ${whose}, attempt ${claim.token}`, `orbit why ${key}`);
  }
  if (task.inbox !== null)
    return reject('task-held', `${key} waits for a person: ${task.inbox.reason}`, `orbit why ${key}`);
  if (task.hold !== null) return reject('task-held', `${key} is held: ${task.hold.why}`, `orbit resume ${key}`);
  if (around.planPaused) return reject('plan-paused', `plan ${task.plan} is paused`, `orbit resume ${task.plan}`);
  if (around.unmet > 0) {
    return reject('task-not-ready', `${key} waits for ${around.unmet} unfinished task(s)`, `orbit why ${key}`);
  }
  if (task.retryAt !== null && task.retryAt > around.now) {
    return reject('task-not-ready', `${key} waits before its next attempt`, `orbit retry ${key} starts it now`);
  }
  if (!mayTake(agent, task.agent)) {
    return reject('agent-not-wanted', `${key} wants @${task.agent}, not ${agent}`, `orbit edit ${key} --agent any`);
  }
  return null;
}

type AttemptCommand = CommandOf<'prepare' | 'report' | 'prove' | 'fail' | 'expire' | 'release' | 'block'>;

function decideAttempt(task: Task, command: AttemptCommand, around: Surroundings): Decision {
  const { claim } = task;
  if (claim === null || claim.token !== command.token) return lateWrite(task, command);
  const spentMs = Math.max(0, around.now - claim.since);
  const { token } = claim;
  switch (command.type) {
    case 'prepare': {
      const { branch, workspace, base, logs } = command;
      return { events: [{ type: 'attempt-prepared', token, branch, workspace, base, logs }] };
    }
    case 'report': {
      const { commit, noChanges } = command;
      return { events: [{ type: 'completion-reported', token, commit, noChanges }] };
    }
    case 'prove':
      return {
        events: [{ type: 'task-done', evidence: { ...command.evidence, token, agent: claim.agent, at: around.now } }],
      };
    case 'fail':
      return { events: endAttempt(task, { ...command, spentMs }, around.now) };
    case 'expire':
      return decideExpiry(task, command, around);
    case 'release': {
      const { reason, commit } = command;
      return {
        events: [{ type: 'attempt-ended', token, outcome: 'released', reason, retryAt: null, spentMs, commit }],
      };
    }
    case 'block': {
      const { kind, reason } = command;
      return {
        events: [
          { type: 'attempt-ended', token, outcome: 'released', reason, retryAt: null, spentMs, commit: null },
          { type: 'task-escalated', kind, reason, token },
        ],
      };
    }
  }
}

/** I2: a write by an attempt that lost its claim changes nothing; a finished result stays in the log as evidence (P2). */
function lateWrite(task: Task, command: AttemptCommand): Decision {
  const { token } = command;
  if (command.type === 'prove' && task.evidence?.token === token) {
    return reject('already-done', `${task.key} was completed by this attempt ${token} already`, 'nothing to do');
  }
  const now =
    task.claim === null ? 'nobody holds it now' : `attempt ${task.claim.token} of ${task.claim.agent} holds it now`;
  const refusal = reject(
    'lease-lost',
    `attempt ${token} no longer holds ${task.key}; ${now}`,
    'stop working: commits made so far are kept (orbit recover)',
  );
  const commit = command.type === 'prove' ? command.evidence.commit : command.type === 'report' ? command.commit : null;
  if (commit === null) return refusal;
  return {
    ...refusal,
    audit: [{ type: 'late-result-kept', token, commit, reason: `${command.type} came after the claim was lost` }],
  };
}

function decideExpiry(task: Task, command: CommandOf<'expire'>, around: Surroundings): Decision {
  const over = around.leaseEnd === null || around.leaseEnd <= around.now;
  if (!over && !command.runnerGone) {
    return reject('not-running', `the lease of attempt ${command.token} on ${task.key} still runs`, 'wait for its end');
  }
  const claim = task.claim as Claim;
  const outcome = command.runnerGone ? 'crashed' : 'lost';
  const spentMs = Math.max(0, Math.min(around.now, around.leaseEnd ?? around.now) - claim.since);
  return {
    events: endAttempt(
      task,
      { outcome, reason: command.reason, commit: null, rule: command.rule, spentMs },
      around.now,
    ),
  };
}

interface Ending {
  outcome: 'failed' | 'crashed' | 'lost' | 'timeout' | 'stalled' | 'done' | 'released' | 'bounced' | 'cancelled';
  reason: string;
  commit: string | null;
  rule: RetryRule;
  spentMs: number;
}

function endAttempt(task: Task, ending: Ending, now: number): TaskEventBody[] {
  const claim = task.claim as Claim;
  const { token } = claim;
  const { outcome, reason, commit, spentMs } = ending;
  const next = nextStep(task, spentMs, ending.rule, now);
  const ended: TaskEventBody = {
    type: 'attempt-ended',
    token,
    outcome,
    reason,
    retryAt: next.retryAt,
    spentMs,
    commit,
  };
  if (next.inbox === null) return [ended];
  return [ended, { type: 'task-escalated', kind: next.inbox, reason: `${next.why}; last: ${reason}`, token }];
}

function decideLanding(
  task: Task,
  command: CommandOf<'queue-landing' | 'land' | 'bounce'>,
  around: Surroundings,
): Decision {
  if (isLanded(task)) return reject('already-done', `${task.key} has landed already`, 'nothing to do');
  if (task.closed !== null) return reject('task-ended', `${task.key} was ${task.closed.as}`, `orbit show ${task.key}`);
  const { evidence, landing } = task;
  if (evidence === null || evidence.commit === null) {
    return reject('not-done', `${task.key} has no proven work to land`, `orbit why ${task.key}`);
  }
  if (command.type === 'queue-landing') {
    if (landing !== null) return reject('already-done', `${task.key} is in the queue already`, 'nothing to do');
    return { events: [{ type: 'landing-queued', commit: evidence.commit }] };
  }
  if (landing === null) return reject('not-done', `${task.key} is not in the queue`, `orbit why ${task.key}`);
  if (command.type === 'land') {
    const { commit, landedAs, tree, target } = command;
    if (commit !== landing.commit) {
      return reject('not-done', `${task.key} hands in ${landing.commit}, not ${commit}`, 'look again');
    }
    return { events: [{ type: 'task-landed', commit, landedAs, tree, target }] };
  }
  const { cause, reason, rule } = command;
  const used = task.bounces + 1 >= rule.bouncesMax;
  const bounced: TaskEventBody = {
    type: 'landing-bounced',
    token: evidence.token,
    cause,
    reason,
    retryAt: used ? null : around.now,
  };
  if (!used) return { events: [bounced] };
  const kind = cause === 'conflict' ? 'conflict' : 'refused';
  const why = `landing sent it back ${task.bounces + 1} times; last: ${reason}`;
  return { events: [bounced, { type: 'task-escalated', kind, reason: why, token: evidence.token }] };
}

type PersonCommand = CommandOf<'escalate' | 'retry' | 'hold' | 'unhold' | 'close' | 'reopen' | 'advise'>;

function decideByPerson(task: Task, command: PersonCommand, around: Surroundings): Decision {
  const { key } = task;
  if (command.type === 'reopen') {
    if (isLanded(task))
      return reject('task-ended', `${key} has landed; landed work is not taken back`, 'orbit create a new task');
    if (task.closed === null && task.evidence === null)
      return reject('not-done', `${key} is open already`, `orbit why ${key}`);
    return { events: [{ type: 'task-reopened', why: command.why }] };
  }
  if (command.type === 'advise') return { events: [{ type: 'task-advised', advice: command.advice }] };
  if (hasEnded(task)) return reject('task-ended', `${key} has ended`, `orbit show ${key}`);
  switch (command.type) {
    case 'escalate':
      if (task.inbox !== null) return reject('task-held', `${key} is in the inbox already`, `orbit why ${key}`);
      return {
        events: [
          ...cancelClaim(task, command.reason, around.now),
          { type: 'task-escalated', kind: command.kind, reason: command.reason, token: task.claim?.token ?? null },
        ],
      };
    case 'retry':
      if (task.claim !== null) return reject('task-claimed', `${key} is running`, `orbit why ${key}`);
      if (task.inbox === null && task.retryAt === null)
        return reject('nothing-to-answer', `${key} waits for nobody`, `orbit why ${key}`);
      return { events: [{ type: 'task-retried', advice: command.advice, attemptsGranted: command.attemptsGranted }] };
    case 'hold':
      return { events: [{ type: 'task-held', why: command.why }] };
    case 'unhold':
      if (task.hold === null) return reject('nothing-to-answer', `${key} is not held`, `orbit why ${key}`);
      return { events: [{ type: 'task-unheld' }] };
    case 'close':
      return {
        events: [
          ...cancelClaim(task, command.why, around.now),
          { type: 'task-closed', as: command.as, why: command.why },
        ],
      };
  }
}

function cancelClaim(task: Task, reason: string, now: number): TaskEventBody[] {
  if (task.claim === null) return [];
  const { token, since } = task.claim;
  return [
    {
      type: 'attempt-ended',
      token,
      outcome: 'cancelled',
      reason,
      retryAt: null,
      spentMs: Math.max(0, now - since),
      commit: null,
    },
  ];
}
