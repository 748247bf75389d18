/**
 * What the changing verbs of a SQLite store do, inside one transaction each.
 *
 * Owns the order of reading, deciding and writing. The decisions are core's and those beside the port.
 */
import type { TaskCommand } from '../../core/command.ts';
import type { Event } from '../../core/event.ts';
import { attemptOf } from '../../core/evolve-attempt.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { assert } from '../../platform/error.ts';
import { refuseParked } from '../account-change.ts';
import { decideChange, relatives, type Change } from '../change.ts';
import {
  changeReservation,
  claimCommand,
  isFor,
  noSuchPlan,
  nothingReady,
  scopeTaken,
  ScopeCheck,
  StackCheck,
} from '../claim-choice.ts';
import { dependenciesAfter, refuseCycle } from '../cycle.ts';
import type { Claimed, ClaimRequest, Executed, TaskRecord } from '../store.ts';
import { readAccount } from './account-rows.ts';
import { free, liveAttempt, reservations, reserve, writeAttempt } from './attempt-rows.ts';
import type { Database, Durability } from './database.ts';
import { EventLog } from './event-log.ts';
import { readPlan } from './plan-rows.ts';
import type { Transaction } from './transaction.ts';
import {
  insertTask,
  linkDependencies,
  madeBy,
  moveDependants,
  needsOf,
  readTask,
  readyTasks,
  stackRows,
  updateTask,
} from './task-rows.ts';

/** Runs `work` in one transaction that may append to the log. */
export function changing<T>(
  db: Database,
  context: { actor: string; now: number; durability: Durability },
  work: (transaction: Transaction) => T,
): T {
  const { actor, now, durability } = context;
  return db.transact({ durability }, () => {
    const log = new EventLog(db);
    const result = work({ db, log, actor, now });
    log.finish();
    return result;
  });
}

export function execute(tx: Transaction, key: TaskKey, command: TaskCommand): Executed | Rejection {
  const { db } = tx;
  const plan = readPlan(db, keyParts(key).plan);
  if (command.type === 'create' && plan === null) return noSuchPlan(keyParts(key).plan);
  const wanted = dependenciesAfter(command, () => needsOf(db, key));
  if (wanted !== null) {
    const ring = refuseCycle([key], (of: TaskKey) => (of === key ? wanted : needsOf(db, of)));
    if (ring !== null) return ring;
  }
  const record = readTask(db, key);
  const change = decide(tx, { key, record, plan }, command);
  if (change.reserved !== null) {
    const reserved = changeReservation(change.reserved, reservations(db));
    if (isRejection(reserved)) return reserved;
    change.reserved = reserved;
  }
  const events = write(tx, { key, record, plan }, change);
  if (change.refusal !== null) return change.refusal;
  const { task } = change;
  assert(task !== null, `${key} is missing after ${command.type}`);
  const isCountKept = record !== null && change.dependencies === null;
  return { events, record: isCountKept ? { ...record, task } : storedTask(db, key) };
}

export function claim(tx: Transaction, request: ClaimRequest): Claimed | Rejection {
  const { db, now } = tx;
  const { agent, shared } = request;
  const refusal = request.account === undefined ? null : refuseParked(readAccount(db, request.account), now);
  if (refusal !== null) return refusal;
  const command = claimCommand(request);
  const check = new ScopeCheck(reservations(db), shared);
  if (request.task !== null) {
    const key = request.task;
    const record = readTask(db, key);
    const plan = readPlan(db, keyParts(key).plan);
    const change = decide(tx, { key, record, plan, shared }, command);
    if (change.refusal !== null) return change.refusal;
    const holder = check.holder(change.task?.scope ?? []);
    return holder === null ? take(tx, { key, record, plan }, change) : scopeTaken(key, holder);
  }
  const stack = new StackCheck(request.stack, stackRows(db), now);
  // Almost always the first is free; only while others hold the best ones' paths are more rows read.
  for (let limit = 4; ; limit *= 8) {
    const candidates = readyTasks(db, { plan: request.plan, agent, limit }, now);
    const record = candidates.find(
      ({ task }) => isFor(task, request, now) && check.holder(task.scope) === null && stack.isFree(task),
    );
    if (record !== undefined) {
      const { key } = record.task;
      const place = { key, record, plan: readPlan(db, record.task.plan) };
      return take(tx, place, decide(tx, { ...place, shared }, command));
    }
    if (candidates.length < limit) return nothingReady(request, candidates.length);
  }
}

/** A task's rows as read in this transaction. */
export interface Place {
  key: TaskKey;
  record: TaskRecord | null;
  plan: Plan | null;
}

export function decide(
  { db, log, actor, now }: Transaction,
  { key, record, plan, shared = [] }: Place & { shared?: readonly string[] },
  command: TaskCommand,
): Change {
  const task = record?.task ?? null;
  const attempt = task === null || task.claim === null ? null : liveAttempt(db, key);
  const { lastToken } = log;
  const unmet = record?.unmet ?? 0;
  const others = relatives(task, command, {
    task: (one) => readTask(db, one)?.task ?? null,
    madeBy: (one) => madeBy(db, one),
  });
  const input = { key, task, attempt, plan, unmet, lastToken, ...others, shared, actor, now };
  return decideChange({ ...input, reservations: () => reservations(db) }, command);
}

export function write(
  { db, log, actor, now }: Transaction,
  { key, record, plan, score = 0 }: Place & { score?: number },
  change: Change,
): Event[] {
  const { task, attempt, freed, reserved } = change;
  const needs = change.dependencies;
  if (task !== null && record === null) {
    insertTask(db, task, { needs: needs ?? [], unblock: plan?.unblock ?? 'landed', score });
  } else if (task !== null && task !== record?.task) {
    updateTask(db, task);
    if (needs !== null) linkDependencies(db, key, needs);
  }
  if (attempt !== null) {
    writeAttempt(db, attempt);
    log.useToken(attempt.token);
  }
  if (freed !== null) free(db, freed);
  if (reserved !== null) reserve(db, reserved);
  moveDependants(db, key, change.met);
  return change.events.map((body) => log.append({ at: now, actor, task: key, attempt: attemptOf(body), body }));
}

function take(tx: Transaction, place: Place, change: Change): Claimed | Rejection {
  if (change.refusal !== null) return change.refusal;
  write(tx, place, change);
  const { task } = change;
  assert(task !== null && task.claim !== null, `the claim of ${place.key} left no claim`);
  return { task, token: task.claim.token, expiresAt: task.claim.expiresAt };
}

function storedTask(db: Database, key: TaskKey): TaskRecord {
  const record = readTask(db, key);
  assert(record !== null, `${key} is missing`);
  return record;
}
