/**
 * Decides on a wish for more paths (P8): granted, queued behind who holds them, left to a person, or denied.
 *
 * Owns that two live attempts never hold overlapping scopes by way of a wish (I13): who holds a path now is read in the transaction.
 */
import type { Surroundings } from './command.ts';
import type { CommandOf, Deciders, Decision } from './decision.ts';
import { reject, type Rejection } from './rejection.ts';
import { hasEnded } from './status.ts';
import type { Task } from './task.ts';
import { entryFault, newEntries, riskFault } from './widening.ts';

export const wideningDeciders: Deciders<'widen' | 'grant-widening' | 'deny-widening'> = {
  widen: (task, command, around) => {
    const refusal = refusedAtAll(task, command);
    if (refusal !== null) return refusal;
    const { token, why, rule } = command;
    const entries = newEntries(task, command.entries);
    if (entries.length === 0) {
      return reject('already-done', `${task.key} may write ${command.entries.join(', ')} already`, 'nothing to do');
    }
    if (token === null) return personWidens(task, { entries, why }, around);
    const denial = deniedToAttempts(task, entries, rule);
    if (denial !== null) return denial;
    const asked = { token, entries, why, holder: null };
    if (rule === 'ask') return { events: [{ type: 'widening-waits', ...asked }] };
    return grantOrWait(task, { token, entries, why, byPerson: false }, around);
  },
  'grant-widening': (task, { byPerson }, around) => {
    const { widening, key } = task;
    if (widening === null) return reject('nothing-to-answer', `${key} wishes for no wider scope`, `orbit show ${key}`);
    if (widening.holder === null && !byPerson) {
      return reject('nothing-to-answer', `a person decides on the wish of ${key}`, `orbit scope add --task ${key}`);
    }
    const { token, entries, why } = widening;
    return grantOrWait(task, { token, entries, why, byPerson }, around);
  },
  'deny-widening': (task, { reason }) => {
    const { widening, key } = task;
    if (widening === null) return reject('nothing-to-answer', `${key} wishes for no wider scope`, `orbit show ${key}`);
    return { events: [{ type: 'widening-denied', token: widening.token, entries: widening.entries, reason }] };
  },
};

function refusedAtAll(task: Task, { token, entries }: CommandOf<'widen'>): Rejection | null {
  const { key, claim } = task;
  if (token !== null && claim?.token !== token) {
    return reject(
      'lease-lost',
      `attempt ${token} no longer holds ${key}`,
      'stop working: commits made so far are kept',
    );
  }
  if (hasEnded(task)) return reject('task-ended', `${key} has ended`, `orbit show ${key}`);
  for (const entry of entries) {
    const fault = entryFault(entry);
    if (fault !== null) return denied(task, entry, fault);
  }
  if (task.scope.length > 0) return null;
  return reject('already-done', `${key} has no scope, so it may write anywhere`, 'nothing to do');
}

function deniedToAttempts(task: Task, entries: readonly string[], rule: CommandOf<'widen'>['rule']): Rejection | null {
  if (rule === 'never') {
    return reject('scope-denied', `scopes are not widened here (scope.widen: never)`, askPerson(task));
  }
  for (const entry of entries) {
    const fault = riskFault(entry);
    if (fault !== null) return denied(task, entry, fault);
  }
  return null;
}

function denied(task: Task, entry: string, fault: string): Rejection {
  return reject(
    'scope-denied',
    `${task.key} may not have ${JSON.stringify(entry)} by itself: ${fault}`,
    askPerson(task),
  );
}

function askPerson({ id }: Task): string {
  return `do without it, or ask a person: orbit block ${id} --question "why it is needed"`;
}

interface Wish {
  token: number;
  entries: readonly string[];
  why: string;
  byPerson: boolean;
}

function grantOrWait(task: Task, { token, entries, why, byPerson }: Wish, around: Surroundings): Decision {
  const holder = around.holderOf?.(entries) ?? null;
  if (holder === null) return { events: [{ type: 'scope-widened', token, entries, why, byPerson }] };
  if (task.widening !== null && task.widening.holder === holder.task && isSame(task.widening.entries, entries)) {
    return heldBy(task, entries, holder);
  }
  return { events: [{ type: 'widening-waits', token, entries, why, holder: holder.task }] };
}

/** A person's own wish is done or refused; where the task runs, an attempt that holds the paths has them until it ends. */
function personWidens(task: Task, { entries, why }: Pick<Wish, 'entries' | 'why'>, around: Surroundings): Decision {
  const { claim } = task;
  const holder = claim === null ? null : (around.holderOf?.(entries) ?? null);
  if (holder === null || claim === null) {
    return { events: [{ type: 'scope-widened', token: claim?.token ?? null, entries, why, byPerson: true }] };
  }
  return heldBy(task, entries, holder);
}

function heldBy(
  task: Task,
  entries: readonly string[],
  holder: NonNullable<ReturnType<NonNullable<Surroundings['holderOf']>>>,
): Rejection {
  const { agent, token } = holder;
  return reject(
    'scope-taken',
    `${task.key} waits for ${entries.join(', ')}: ${agent} may write there for ${holder.task}, attempt ${token}`,
    `wait until ${holder.task} ends, or orbit why ${task.key}`,
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, at) => entry === other[at]);
}
