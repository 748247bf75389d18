/**
 * The change that a command makes to what a store keeps: pure, and the same for every implementation.
 *
 * Owns the step from core's decision to rows: which events, which task and attempt, whose `unmet` moves, which scope is
 * reserved or freed. An implementation reads the rows, asks here, and writes what it is told, in one transaction.
 */
import type { Attempt } from '../core/attempt.ts';
import type { Surroundings, TaskCommand } from '../core/command.ts';
import { decideTask } from '../core/decide-task.ts';
import type { TaskEventBody } from '../core/event.ts';
import { attemptOf, evolveAttempt } from '../core/evolve-attempt.ts';
import { evolveTask } from '../core/evolve-task.ts';
import type { TaskKey } from '../core/id.ts';
import type { Plan, Unblock } from '../core/plan.ts';
import { scopesOverlap } from '../core/scope.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { splitOf, type SplitReads } from '../core/split.ts';
import { deriveStatus, meetsDependency, type TaskStatus } from '../core/status.ts';
import type { Task } from '../core/task.ts';

/** What an implementation read, inside the transaction, before the decision. */
export interface ChangeInput {
  key: TaskKey;
  task: Task | null;
  /** The task's live attempt, `null` without a claim. */
  attempt: Attempt | null;
  plan: Plan | null;
  unmet: number;
  /** The last token given out in the project. */
  lastToken: number;
  /** Of the end of an attempt: {@link splitOf} its task. */
  split: readonly Task[];
  /** Of a task that an attempt makes: see `core/command.ts`. */
  maker: NonNullable<Surroundings['maker']> | null;
  /** Globs that several attempts may write at once; of a claim. */
  shared: readonly string[];
  /** Every live reservation; asked for where a command wishes for paths. */
  reservations?: () => readonly Reservation[];
  actor: string;
  now: number;
}

export interface Change {
  /** The answer to the caller in place of the events, which are then audit only. */
  refusal: Rejection | null;
  events: readonly TaskEventBody[];
  /** As it is after the events; the same object if they change nothing. */
  task: Task | null;
  /** As it is after the events, `null` if they do not concern it. */
  attempt: Attempt | null;
  /** What the task gives its dependants, before and after. */
  met: { before: MetLevel; after: MetLevel };
  /** The needed keys without doubles, if they are others than before. */
  dependencies: readonly TaskKey[] | null;
  /** Ends the reservation of the attempt with this token. */
  freed: number | null;
  /** Begins a reservation, or replaces the attempt's one because its scope was changed while it runs (P8). */
  reserved: Reservation | null;
}

/** A scope held by a live attempt. */
export interface Reservation {
  token: number;
  task: TaskKey;
  agent: string;
  scope: readonly string[];
  /** As in the claim, so that the scope can be widened by the same rule later. */
  shared: readonly string[];
}

/** 0 = not finished, 1 = counts where `done` unblocks, 2 = counts everywhere. */
export type MetLevel = 0 | 1 | 2;

/** Asks core, and works out every row that follows. */
export function decideChange(input: ChangeInput, command: TaskCommand): Change {
  const { key, task: before, attempt: held, actor, now } = input;
  const decision = decideTask(before, command, {
    now,
    unmet: input.unmet,
    planPaused: input.plan?.paused ?? false,
    planChecks: input.plan?.checks ?? [],
    nextToken: input.lastToken + 1,
    leaseEnd: held?.pulse.expiresAt ?? null,
    split: input.split,
    ...(input.maker === null ? {} : { maker: input.maker }),
    holderOf: (entries) => holderBeside(key, entries, input.reservations?.() ?? []),
  });
  const refusal = isRejection(decision) ? reject(decision.code, decision.message, decision.hint) : null;
  const events = (isRejection(decision) ? decision.audit : decision.events) ?? [];
  let task = before;
  let attempt = held;
  for (const event of events) {
    task = evolveTask(task, event, { key, at: now, actor });
    const token = attemptOf(event);
    if (event.type === 'task-claimed' || (token !== null && token === attempt?.token)) {
      attempt = evolveAttempt(attempt, event, { key, at: now, actor });
    }
  }
  const claimBefore = before?.claim ?? null;
  const claim = task?.claim ?? null;
  const isMoved =
    claim?.token !== claimBefore?.token || (claim !== null && !isSameList(before?.scope ?? [], task?.scope ?? []));
  return {
    refusal,
    events,
    task,
    attempt: attempt === held ? null : attempt,
    met: { before: metLevel(before), after: metLevel(task) },
    dependencies: newDependencies(before, task),
    freed: isMoved ? (claimBefore?.token ?? null) : null,
    reserved: isMoved ? reservationOf(task, input.shared) : null,
  };
}

/** What is read of other tasks before the decision, and only where the command needs it. */
export function relatives(
  task: Task | null,
  command: TaskCommand,
  reads: SplitReads,
): Pick<ChangeInput, 'split' | 'maker'> {
  const isEnd = command.type === 'fail' || command.type === 'expire';
  const origin = command.type === 'create' ? command.origin : undefined;
  const split = isEnd && task !== null ? splitOf(task, reads) : [];
  if (origin === undefined) return { split, maker: null };
  const holder = reads.task(origin.task)?.claim?.token ?? null;
  return { split, maker: { holder, made: reads.madeBy(origin.task).length } };
}

/** The live attempt of another task than `key` that may write some path of `entries`, or `null`. */
function holderBeside(key: TaskKey, entries: readonly string[], all: readonly Reservation[]): Reservation | null {
  const shared = all.find(({ task }) => task === key)?.shared ?? [];
  return all.find((one) => one.task !== key && scopesOverlap(one.scope, entries, shared)) ?? null;
}

/** How the `unmet` of each dependant moves, where `unblock` is the rule of the dependant's plan. */
export function unmetDelta(met: Change['met'], unblock: Unblock): -1 | 0 | 1 {
  const before = isMet(met.before, unblock);
  const after = isMet(met.after, unblock);
  if (before === after) return 0;
  return after ? -1 : 1;
}

export function isMet(level: MetLevel, unblock: Unblock): boolean {
  return level >= metLevelNeeded(unblock);
}

export function metLevelNeeded(unblock: Unblock): MetLevel {
  return unblock === 'done' ? 1 : 2;
}

export function metLevel(task: Task | null): MetLevel {
  if (task === null) return 0;
  if (meetsDependency(task, 'landed')) return 2;
  return meetsDependency(task, 'done') ? 1 : 0;
}

/**
 * The part of a task's status that neither time nor other tasks move: `ready` here may still be blocked or waiting for its
 * next attempt. For indexes and queries; what is shown is derived anew from the facts each time.
 */
export function standing(task: Task): TaskStatus {
  return deriveStatus(task, 0, Number.POSITIVE_INFINITY);
}

function reservationOf(task: Task | null, shared: readonly string[]): Reservation | null {
  if (task === null || task.claim === null || task.scope.length === 0) return null;
  const { key, claim, scope } = task;
  return { token: claim.token, task: key, agent: claim.agent, scope, shared };
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry === other[index]);
}

function newDependencies(before: Task | null, after: Task | null): readonly TaskKey[] | null {
  if (after === null || after.dependencies === before?.dependencies) return null;
  const wanted = new Set(after.dependencies);
  const had = new Set(before?.dependencies);
  const isSame = wanted.size === had.size && [...wanted].every((key) => had.has(key));
  return isSame ? null : [...wanted];
}
