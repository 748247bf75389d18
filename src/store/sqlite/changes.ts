/**
 * What the changing verbs of a SQLite store do, inside one transaction each.
 *
 * Owns the order of reading, deciding and writing. The decisions are core's and those beside the port.
 */
import type { TaskCommand } from '../../core/command.ts';
import type { Event } from '../../core/event.ts';
import { attemptOf } from '../../core/evolve-attempt.ts';
import { keyParts, taskKey, type TaskKey } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { assert } from '../../platform/error.ts';
import { decideChange, type Change } from '../change.ts';
import { changeReservation, noSuchPlan, nothingReady, scopeTaken, ScopeCheck } from '../claim-choice.ts';
import { leavesPlan, refuseCycle } from '../cycle.ts';
import { mergePlan, pauseEvent } from '../plan-change.ts';
import type { Claimed, ClaimRequest, Executed, PlanApplied, PlanChange, TaskRecord } from '../store.ts';
import { free, liveAttempt, reservations, reserve, writeAttempt } from './attempt-rows.ts';
import type { Database, Durability } from './database.ts';
import { EventLog } from './event-log.ts';
import { readPlan, writePlan } from './plan-rows.ts';
import {
  insertTask,
  linkDependencies,
  moveDependants,
  needsOf,
  readTask,
  readyTasks,
  recount,
  setScore,
  tasksOfPlan,
  updateTask,
} from './task-rows.ts';

/** A transaction under way. */
export interface Transaction {
  db: Database;
  log: EventLog;
  actor: string;
  now: number;
}

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
  if (command.type === 'create' || command.type === 'change') {
    const needs = (of: TaskKey) => (of === key ? command.definition.dependencies : needsOf(db, of));
    const ring = refuseCycle([key], needs);
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
  const { agent, shared, byHand, leaseMs, base, workspace, branch } = request;
  const command: TaskCommand = { type: 'claim', agent, byHand, leaseMs, base, workspace, branch };
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
  // Almost always the first is free; only while others hold the best ones' paths are more rows read.
  for (let limit = 4; ; limit *= 8) {
    const candidates = readyTasks(db, { plan: request.plan, agent, limit }, now);
    const record = candidates.find(({ task }) => check.holder(task.scope) === null);
    if (record !== undefined) {
      const { key } = record.task;
      const place = { key, record, plan: readPlan(db, record.task.plan) };
      return take(tx, place, decide(tx, { ...place, shared }, command));
    }
    if (candidates.length < limit) return nothingReady(request, candidates.length);
  }
}

export function applyPlan(tx: Transaction, change: PlanChange): PlanApplied | Rejection {
  const { db, log, actor, now } = tx;
  const { id } = change.plan;
  db.holdMore();
  const stored = readPlan(db, id);
  const current = tasksOfPlan(db, id);
  const merge = mergePlan(
    change,
    stored,
    current.map(({ task }) => task),
  );
  if (isRejection(merge)) return merge;
  if (leavesPlan(id, merge.graph)) {
    const ring = refuseCycle(merge.graph.keys(), (key) => merge.graph.get(key) ?? needsOf(db, key));
    if (ring !== null) return ring;
  }
  const { plan, event, findings } = merge;
  if (event !== null) {
    writePlan(db, plan);
    log.append({ at: now, actor, plan: id, body: event });
  }
  const known = new Set(current.map(({ task }) => task.key));
  const created = new Set<TaskKey>();
  const changed = new Set<TaskKey>();
  for (const { key, command } of merge.commands) {
    if (command.type === 'create') created.add(key);
    else if (known.has(key)) changed.add(key);
    const record = command.type === 'create' && !known.has(key) ? null : readTask(db, key);
    const step = decide(tx, { key, record, plan }, command);
    write(tx, { key, record, plan, score: change.scores.get(keyParts(key).task) ?? 0 }, step);
  }
  if (stored !== null && stored.unblock !== plan.unblock) recount(db, 'plan', id);
  for (const { task, score } of current) {
    const wanted = change.scores.get(task.id);
    if (wanted !== undefined && wanted !== score) setScore(db, taskKey(id, task.id), wanted);
  }
  return { plan, created: created.size, changed: changed.size, findings };
}

export function pausePlan(tx: Transaction, id: string, { paused, why }: { paused: boolean; why: string }): Plan | null {
  const plan = readPlan(tx.db, id);
  if (plan === null) return null;
  const body = pauseEvent(plan, paused, why);
  if (body === null) return plan;
  const changed = { ...plan, paused };
  writePlan(tx.db, changed);
  tx.log.append({ at: tx.now, actor: tx.actor, plan: id, body });
  return changed;
}

/** A task's rows as read in this transaction. */
interface Place {
  key: TaskKey;
  record: TaskRecord | null;
  plan: Plan | null;
}

function decide(
  { db, log, actor, now }: Transaction,
  { key, record, plan, shared = [] }: Place & { shared?: readonly string[] },
  command: TaskCommand,
): Change {
  const task = record?.task ?? null;
  const attempt = task === null || task.claim === null ? null : liveAttempt(db, key);
  const { lastToken } = log;
  const unmet = record?.unmet ?? 0;
  return decideChange({ key, task, attempt, plan, unmet, lastToken, shared, actor, now }, command);
}

function write(
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
