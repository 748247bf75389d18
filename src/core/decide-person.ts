/**
 * Decides what people (and, for `escalate`, the coordinator) may do with a task from outside its attempts.
 *
 * Owns that nothing ended is touched again but by `reopen`, which never takes landed work back, and that a task taken from
 * its holder leaves no claim behind.
 */
import type { Surroundings } from './command.ts';
import type { CommandOf, Deciders, Decision } from './decision.ts';
import type { TaskEventBody } from './event.ts';
import { reject } from './rejection.ts';
import { hasEnded, isLanded } from './status.ts';
import type { Task } from './task.ts';

type OpenType = 'escalate' | 'take-whole' | 'retry' | 'hold' | 'unhold' | 'close' | 'advise' | 'start-from';

export const personDeciders: Deciders<OpenType | 'reopen' | 'purge'> = {
  escalate: ifOpen((task, { kind, reason }, { now }) => {
    if (task.inbox !== null) return reject('task-held', `${task.key} is in the inbox already`, `orbit why ${task.key}`);
    if (isBeingMoved(task)) return beingMoved(task);
    const token = task.claim?.token ?? null;
    return { events: [...cancelClaim(task, reason, now), { type: 'task-escalated', kind, reason, token }] };
  }),
  'take-whole': ifOpen((task, { parts, advice }) => {
    const { key } = task;
    if (task.whole !== undefined) return reject('already-done', `${key} was taken whole before`, `orbit why ${key}`);
    if (task.claim !== null) return reject('task-claimed', `${key} is running`, `orbit why ${key}`);
    if (task.evidence !== null) return reject('already-done', `${key} is done`, `orbit show ${key}`);
    return { events: [{ type: 'task-made-whole', parts, advice }] };
  }),
  retry: ifOpen((task, { advice, attemptsGranted }) => {
    const { key } = task;
    if (task.inbox?.kind === 'approval') {
      return reject(
        'nothing-to-answer',
        `${key} is done and waits for approval`,
        `orbit approve ${key}, or orbit reject ${key} "why"`,
      );
    }
    if (task.claim !== null) return reject('task-claimed', `${key} is running`, `orbit why ${key}`);
    if (task.inbox === null && task.retryAt === null) {
      return reject('nothing-to-answer', `${key} waits for nobody`, `orbit why ${key}`);
    }
    return { events: [{ type: 'task-retried', advice, attemptsGranted }] };
  }),
  hold: ifOpen((_task, { why }) => ({ events: [{ type: 'task-held', why }] })),
  unhold: ifOpen((task) => {
    if (task.hold === null) return reject('nothing-to-answer', `${task.key} is not held`, `orbit why ${task.key}`);
    return { events: [{ type: 'task-unheld' }] };
  }),
  close: ifOpen((task, { as, why }, { now }) => {
    if (isBeingMoved(task)) return beingMoved(task);
    return { events: [...cancelClaim(task, why, now), { type: 'task-closed', as, why }] };
  }),
  reopen: (task, { why }) => {
    const { key } = task;
    if (isLanded(task)) {
      return reject('task-ended', `${key} has landed; landed work is not taken back`, 'orbit create a new task');
    }
    if (task.closed === null && task.evidence === null) {
      return reject('not-done', `${key} is open already`, `orbit why ${key}`);
    }
    return isBeingMoved(task) ? beingMoved(task) : { events: [{ type: 'task-reopened', why }] };
  },
  'start-from': ifOpen((task, { start }) => {
    const { key, claim, evidence } = task;
    if (claim !== null) return reject('task-claimed', `${key} is running`, `orbit cancel ${key}, or wait for its end`);
    if (evidence !== null) return reject('already-done', `${key} is done`, `orbit reopen ${key} sends it round again`);
    return { events: [{ type: 'start-chosen', start }] };
  }),
  purge: (task, { ref, commit }) => {
    const { key, evidence, claim } = task;
    if (claim !== null && isRefOf(ref, claim.token)) {
      return reject('work-needed', `the attempt behind ${ref} is at work`, `orbit why ${key}`);
    }
    if (evidence !== null && isRefOf(ref, evidence.token) && !hasEnded(task)) {
      const why = `${ref} is the work that ${key} was proven with, and it has not landed`;
      return reject('work-needed', why, `orbit cancel ${key}, if it shall never land`);
    }
    return { events: [{ type: 'work-purged', ref, commit }] };
  },
  advise: ifOpen((_task, { advice }) => ({ events: [{ type: 'task-advised', advice }] })),
};

function ifOpen<Type extends OpenType>(
  decide: (task: Task, command: CommandOf<Type>, around: Surroundings) => Decision,
): (task: Task, command: CommandOf<Type>, around: Surroundings) => Decision {
  return (task, command, around) =>
    hasEnded(task)
      ? reject('task-ended', `${task.key} has ended`, `orbit show ${task.key}`)
      : decide(task, command, around);
}

/** `…/7`, `…/7-2` and `…/T031-7` are all attempt 7's. */
function isRefOf(ref: string, token: number): boolean {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  return ref.startsWith('refs/heads/') ? name.endsWith(`-${token}`) : name.split('-')[0] === String(token);
}

/** Between the beginning of a landing and its end nobody knows whether the target has it: taking it back now could land it twice. */
function isBeingMoved({ landing }: Task): boolean {
  return landing !== null && landing.begunAt !== null;
}

function beingMoved({ key }: Task): Decision {
  return reject(
    'landing-begun',
    `${key} is being moved onto its target at this moment`,
    `look again soon: orbit show ${key}`,
  );
}

function cancelClaim({ claim }: Task, reason: string, now: number): TaskEventBody[] {
  if (claim === null) return [];
  const spentMs = Math.max(0, now - claim.since);
  return [
    { type: 'attempt-ended', token: claim.token, outcome: 'cancelled', reason, retryAt: null, spentMs, commit: null },
  ];
}
