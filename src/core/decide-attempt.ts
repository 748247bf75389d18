/**
 * Decides what the holder of a claim may write, and what follows when an attempt ends.
 *
 * Owns the fence: every command here carries a token, and one that does not hold the task changes nothing (I2, P3). What
 * ends badly goes on through `retry.ts`, so that attempts and time are bounded over the whole life of a task (I11, P7).
 */
import type { RetryRule, Surroundings } from './command.ts';
import type { CommandOf, Deciders, Decision } from './decision.ts';
import type { TaskEventBody } from './event.ts';
import type { NextRung } from './rung.ts';
import { limits } from './limits.ts';
import { reject } from './rejection.ts';
import { nextStep } from './retry.ts';
import { definitionOf, type ActedRule, type Claim, type FailedOutcome, type Task } from './task.ts';

type AttemptType =
  | 'prepare'
  | 'report'
  | 'prove'
  | 'fail'
  | 'expire'
  | 'release'
  | 'hand-over'
  | 'block-on'
  | 'hinted'
  | 'tell-progress'
  | 'block'
  | 'tell-change';

/** What is decided about, once it is certain that the token holds the task. */
interface Held {
  task: Task;
  claim: Claim;
  now: number;
  /** Working time of the attempt so far. */
  spentMs: number;
  split: readonly Task[];
}

export const attemptDeciders: Deciders<AttemptType> = {
  prepare: fenced(({ claim }, { branch, workspace, base, logs, start, builtOn = [] }) => [
    {
      type: 'attempt-prepared',
      token: claim.token,
      branch,
      workspace,
      base,
      logs,
      ...(start === undefined || start === base ? {} : { start }),
      ...(builtOn.length === 0 ? {} : { builtOn }),
    },
  ]),
  report: fenced(({ claim }, { commit, noChanges }) => [
    { type: 'completion-reported', token: claim.token, commit, noChanges },
  ]),
  prove: fenced(({ claim, now }, { evidence, approval }) => [
    { type: 'task-done', evidence: { ...evidence, token: claim.token, agent: claim.agent, at: now, ...baseOf(claim) } },
    ...(approval === undefined || evidence.commit === null
      ? []
      : [{ type: 'task-escalated', kind: 'approval', reason: approval, token: claim.token } as const]),
  ]),
  fail: fenced((held, command) => endBadly(held, command)),
  expire: (task, command, around) => {
    const isOver = around.leaseEnd === null || around.leaseEnd <= around.now;
    if (isHeldBy(task, command.token) && !isOver && !command.runnerGone) {
      return reject(
        'not-running',
        `the lease of attempt ${command.token} on ${task.key} still runs`,
        'wait for its end',
      );
    }
    return expireHeld(task, command, around);
  },
  release: fenced((held, { reason, commit }) => giveBack(held, { outcome: 'released', reason, commit })),
  'hand-over': fenced((held, { cause, reason, notes, commit }) =>
    giveBack(held, { outcome: 'handed-over', reason, commit, cause, ...(notes === null ? {} : { notes }) }),
  ),
  'block-on': fenced((held, { needs, reason, commit }) => blockOn(held, { needs, reason, commit })),
  hinted: fenced(({ claim }, { by, rule, text, delivery, evidence }) => [
    { type: 'agent-hinted', token: claim.token, by, rule, text, delivery, evidence },
  ]),
  'tell-progress': fenced(({ claim }, { doing, todo }) => [{ type: 'progress-told', token: claim.token, doing, todo }]),
  'tell-change': (task, command, around) =>
    task.claim?.changed?.some((told) => told.task === command.dependency) === true
      ? reject(
          'already-done',
          `attempt ${command.token} on ${task.key} was told of ${command.dependency}`,
          'nothing to do',
        )
      : tellChange(task, command, around),
  block: fenced(({ claim, spentMs }, { kind, reason }) => [
    { type: 'attempt-ended', token: claim.token, outcome: 'released', reason, retryAt: null, spentMs, commit: null },
    { type: 'task-escalated', kind, reason, token: claim.token },
  ]),
};

/** What the attempt's base held is what its evidence was built on: the record of `prepare`, whatever the proof says. */
function baseOf({ builtOn }: Claim): Pick<Claim, 'builtOn'> {
  return builtOn === undefined ? {} : { builtOn };
}

/** Once for each task that it is built on: what the agent does about it is the same whatever comes next. */
const tellChange = fenced<'tell-change'>(({ claim }, { dependency, commit, why }) => [
  { type: 'base-changed', token: claim.token, dependency, commit, why },
]);

/** Lets a command pass only with the token that holds the task. */
function fenced<Type extends AttemptType>(
  decide: (held: Held, command: CommandOf<Type>, around: Surroundings) => TaskEventBody[],
): (task: Task, command: CommandOf<Type>, around: Surroundings) => Decision {
  return (task, command, around) => {
    const { claim } = task;
    const late: CommandOf<AttemptType> = command;
    if (claim?.token !== late.token) return lateWrite(task, late);
    const spentMs = Math.max(0, around.now - claim.since);
    return { events: decide({ task, claim, now: around.now, spentMs, split: around.split ?? [] }, command, around) };
  };
}

function isHeldBy(task: Task, token: number): boolean {
  return task.claim?.token === token;
}

/** I2: a write by an attempt that lost its claim changes nothing; what it had finished stays in the log as evidence (P2). */
function lateWrite(task: Task, command: CommandOf<AttemptType>): Decision {
  const { token, type } = command;
  if ((type === 'prove' || type === 'report') && task.evidence?.token === token) {
    return reject('already-done', `${task.key} was completed by this attempt ${token} already`, 'nothing to do');
  }
  const { claim } = task;
  const now = claim === null ? 'nobody holds it now' : `attempt ${claim.token} of ${claim.agent} holds it now`;
  const refusal = reject(
    'lease-lost',
    `attempt ${token} no longer holds ${task.key}; ${now}`,
    'stop working: commits made so far are kept (orbit recover)',
  );
  const commit = commitOf(command);
  if (commit === null) return refusal;
  return {
    ...refusal,
    audit: [{ type: 'late-result-kept', token, commit, reason: `${type} came after the claim was lost` }],
  };
}

/** The commit that a write hands in. */
function commitOf(command: CommandOf<AttemptType>): string | null {
  if (command.type === 'prove') return command.evidence.commit;
  // That commit is another task's.
  if (command.type === 'tell-change') return null;
  return 'commit' in command ? command.commit : null;
}

/** Time counts up to the lease's end only: nobody knows whether anybody worked after it. */
const expireHeld = fenced<'expire'>((held, { runnerGone, reason, rule }, { leaseEnd }) => {
  const spentMs = Math.max(0, Math.min(held.now, leaseEnd ?? held.now) - held.claim.since);
  return endBadly({ ...held, spentMs }, { outcome: runnerGone ? 'crashed' : 'lost', reason, commit: null, rule });
});

interface BadEnd {
  outcome: FailedOutcome;
  reason: string;
  commit: string | null;
  rule: RetryRule;
  acted?: ActedRule;
  notes?: string;
}

function endBadly({ task, claim, now, spentMs, split }: Held, end: BadEnd): TaskEventBody[] {
  const { token } = claim;
  const { outcome, reason, commit, rule, acted, notes } = end;
  const next = nextStep(task, { agent: claim.agent, spentMs, rule, now, split });
  const ended: TaskEventBody = {
    type: 'attempt-ended',
    token,
    outcome,
    reason,
    retryAt: next.retryAt,
    spentMs,
    commit,
    ...(next.next === null ? {} : { next: next.next }),
    ...(acted === undefined ? {} : { acted }),
    ...(notes === undefined ? {} : { notes }),
  };
  if (next.inbox === null) return [ended];
  return [ended, { type: 'task-escalated', kind: next.inbox, reason: `${next.why}; last: ${reason}`, token }];
}

type GoodEnd = Pick<
  Extract<TaskEventBody, { type: 'attempt-ended' }>,
  'outcome' | 'reason' | 'commit' | 'cause' | 'notes' | 'next'
>;

/** Without blame, so no failure counts it; agents that hand a task on for ever are stopped all the same. */
function giveBack({ task, claim, spentMs }: Held, end: GoodEnd): TaskEventBody[] {
  const { token } = claim;
  const ended: TaskEventBody = { type: 'attempt-ended', token, retryAt: null, spentMs, ...end };
  const taken = task.attempts - task.walls;
  if (taken < limits.attemptsTotalMax || end.cause === 'quota') return [ended];
  const why = `it was taken ${taken} times and given back; last: ${end.reason}`;
  return [ended, { type: 'task-escalated', kind: 'attempts-used', reason: why, token }];
}

/** The task goes on when the others are done; an attempt that was to split it has done so. */
function blockOn(
  held: Held,
  { needs, reason, commit }: Pick<CommandOf<'block-on'>, 'needs' | 'reason' | 'commit'>,
): TaskEventBody[] {
  const { task } = held;
  const dependencies = [...new Set([...task.dependencies, ...needs])];
  const next: NextRung | undefined = task.rung === 'split' ? { rung: 'join', avoid: null } : undefined;
  const end: GoodEnd = { outcome: 'handed-over', cause: 'blocked', reason, commit, notes: reason };
  return [
    { type: 'task-changed', definition: { ...definitionOf(task), dependencies } },
    ...giveBack(held, next === undefined ? end : { ...end, next }),
  ];
}
