/** Owns what the changing verbs of a memory store do to its rows, inside one transaction of `tables.ts`. */
import type { TaskCommand } from '../../core/command.ts';
import type { Event, EventBody } from '../../core/event.ts';
import { attemptOf } from '../../core/evolve-attempt.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { assert } from '../../platform/error.ts';
import { refuseParked } from '../account-change.ts';
import { decideChange, isMet, metLevel, relatives, unmetDelta, type Change } from '../change.ts';
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
import { dependenciesAfter, leavesPlan, refuseCycle } from '../cycle.ts';
import { sealEvent } from '../hash.ts';
import { mergePlan } from '../plan-change.ts';
import type { Claimed, ClaimRequest, Executed, PlanApplied, PlanChange, TaskRecord } from '../store.ts';
import { madeBy, needsOf, readyRows, stackRows } from './queries.ts';
import type { Tables } from './tables.ts';

/** A transaction under way. */
export interface Transaction {
  tables: Tables;
  actor: string;
  now: number;
}

export function execute(tx: Transaction, key: TaskKey, command: TaskCommand): Executed | Rejection {
  const { tables } = tx;
  const { plan } = keyParts(key);
  if (command.type === 'create' && !tables.plans.has(plan)) return noSuchPlan(plan);
  const wanted = dependenciesAfter(command, () => needsOf(tables, key));
  if (wanted !== null) {
    const ring = refuseCycle([key], (of: TaskKey) => (of === key ? wanted : needsOf(tables, of)));
    if (ring !== null) return ring;
  }
  const change = decide(tx, { key }, command);
  if (change.reserved !== null) {
    const reserved = changeReservation(change.reserved, [...tables.reservations.values()]);
    if (isRejection(reserved)) return reserved;
    change.reserved = reserved;
  }
  const events = write(tx, key, change);
  return change.refusal ?? { events, record: recordAt(tables, key) };
}

export function claim(tx: Transaction, request: ClaimRequest): Claimed | Rejection {
  const { tables, now } = tx;
  const { agent, plan, shared } = request;
  const parked = request.account === undefined ? null : (tables.accounts.get(request.account) ?? null);
  const refusal = refuseParked(parked, now);
  if (refusal !== null) return refusal;
  const command = claimCommand(request);
  const check = new ScopeCheck([...tables.reservations.values()], shared);
  if (request.task !== null) {
    const change = decide(tx, { key: request.task, shared }, command);
    if (change.refusal !== null) return change.refusal;
    const holder = check.holder(change.task?.scope ?? []);
    return holder === null ? take(tx, request.task, change) : scopeTaken(request.task, holder);
  }
  const candidates = readyRows(tables, { plan, agent }, now);
  const stack = new StackCheck(request.stack, stackRows(tables), now);
  const free = candidates.find(
    ({ task }) => isFor(task, request, now) && check.holder(task.scope) === null && stack.isFree(task),
  );
  if (free === undefined) return nothingReady(request, candidates.length);
  const { key } = free.task;
  return take(tx, key, decide(tx, { key, shared }, command));
}

export function applyPlan(tx: Transaction, change: PlanChange): PlanApplied | Rejection {
  const { tables, actor, now } = tx;
  const { id } = change.plan;
  const stored = tables.plans.get(id) ?? null;
  const current = [...tables.tasks.values()].filter(({ task }) => task.plan === id).map(({ task }) => task);
  const merge = mergePlan(change, stored, current);
  if (isRejection(merge)) return merge;
  if (leavesPlan(id, merge.graph)) {
    const ring = refuseCycle(merge.graph.keys(), (key) => merge.graph.get(key) ?? needsOf(tables, key));
    if (ring !== null) return ring;
  }
  const { plan, event, commands, findings } = merge;
  if (event !== null) {
    tables.put(tables.plans, id, plan);
    appendEvent(tables, { at: now, actor, plan: id, body: event });
  }
  const created = new Set<TaskKey>();
  const changed = new Set<TaskKey>();
  for (const { key, command } of commands) {
    if (command.type === 'create') created.add(key);
    else if (!created.has(key)) changed.add(key);
    write(tx, key, decide(tx, { key }, command));
  }
  if (stored !== null && stored.unblock !== plan.unblock) recountPlan(tables, plan);
  for (const row of tables.tasks.values()) {
    const score = change.scores.get(row.task.id);
    if (row.task.plan !== id || score === undefined || score === row.score) continue;
    tables.put(tables.tasks, row.task.key, { ...row, score });
  }
  return { plan, created: created.size, changed: changed.size, findings };
}

/** Appends one event; it belongs to the plan of its task unless `plan` says more. */
export function appendEvent(
  tables: Tables,
  open: { at: number; actor: string; plan?: string; task?: TaskKey | null; attempt?: number | null; body: EventBody },
): Event {
  const { at, actor, task = null, attempt = null, body } = open;
  const plan = open.plan ?? (task === null ? null : keyParts(task).plan);
  const actorSeq = (tables.actorSeqs.get(actor) ?? 0) + 1;
  const { event } = sealEvent(tables.single.head, { at, actor, actorSeq, plan, task, attempt, body });
  tables.put(tables.actorSeqs, actor, actorSeq);
  tables.change({ head: { seq: event.seq, hash: event.hash } });
  tables.append(event);
  return event;
}

function decide(
  { tables, actor, now }: Transaction,
  { key, shared = [] }: { key: TaskKey; shared?: readonly string[] },
  command: TaskCommand,
): Change {
  const row = tables.tasks.get(key);
  const token = row?.task.claim?.token;
  const task = row?.task ?? null;
  return decideChange(
    {
      key,
      task,
      ...relatives(task, command, {
        task: (one) => tables.tasks.get(one)?.task ?? null,
        madeBy: (one) => madeBy(tables, one),
      }),
      attempt: token === undefined ? null : (tables.attempts.get(token) ?? null),
      plan: tables.plans.get(keyParts(key).plan) ?? null,
      unmet: row?.unmet ?? 0,
      lastToken: tables.single.lastToken,
      shared,
      reservations: () => [...tables.reservations.values()],
      actor,
      now,
    },
    command,
  );
}

function write({ tables, actor, now }: Transaction, key: TaskKey, change: Change): Event[] {
  const { task, attempt, freed, reserved } = change;
  const row = tables.tasks.get(key);
  if (task !== null && task !== row?.task) {
    const place = row ?? { number: tables.tasks.size + 1, unmet: 0, score: 0 };
    tables.put(tables.tasks, key, { ...place, task });
    if (change.dependencies !== null) linkDependencies(tables, key, row?.task.dependencies ?? []);
  }
  if (attempt !== null) {
    tables.put(tables.attempts, attempt.token, attempt);
    if (attempt.token > tables.single.lastToken) tables.change({ lastToken: attempt.token });
  }
  if (freed !== null) tables.remove(tables.reservations, freed);
  if (reserved !== null) tables.put(tables.reservations, reserved.token, reserved);
  moveDependants(tables, key, change);
  return change.events.map((body) =>
    appendEvent(tables, { at: now, actor, task: key, attempt: attemptOf(body), body }),
  );
}

function take(tx: Transaction, key: TaskKey, change: Change): Claimed | Rejection {
  if (change.refusal !== null) return change.refusal;
  write(tx, key, change);
  const { task } = change;
  assert(task !== null && task.claim !== null, `the claim of ${key} left no claim`);
  return { task, token: task.claim.token, expiresAt: task.claim.expiresAt };
}

function linkDependencies(tables: Tables, key: TaskKey, before: readonly TaskKey[]): void {
  const { task } = recordAt(tables, key);
  for (const needed of new Set([...before, ...task.dependencies])) {
    const dependants = new Set(tables.dependants.get(needed));
    if (task.dependencies.includes(needed)) dependants.add(key);
    else dependants.delete(key);
    tables.put(tables.dependants, needed, dependants);
  }
  recount(tables, key);
}

function moveDependants(tables: Tables, key: TaskKey, { met }: Change): void {
  if (met.before === met.after) return;
  for (const dependant of tables.dependants.get(key) ?? []) {
    const row = tables.tasks.get(dependant);
    const plan = tables.plans.get(keyParts(dependant).plan);
    if (row === undefined || plan === undefined) continue;
    const delta = unmetDelta(met, plan.unblock);
    if (delta !== 0) tables.put(tables.tasks, dependant, { ...row, unmet: row.unmet + delta });
  }
}

function recountPlan(tables: Tables, plan: Plan): void {
  for (const { task } of tables.tasks.values()) if (task.plan === plan.id) recount(tables, task.key);
}

function recount(tables: Tables, key: TaskKey): void {
  const row = tables.tasks.get(key);
  const plan = tables.plans.get(keyParts(key).plan);
  assert(row !== undefined && plan !== undefined, `${key} or its plan is missing`);
  const isOpen = (needed: TaskKey) => !isMet(metLevel(tables.tasks.get(needed)?.task ?? null), plan.unblock);
  const unmet = [...new Set(row.task.dependencies)].filter(isOpen).length;
  if (unmet !== row.unmet) tables.put(tables.tasks, key, { ...row, unmet });
}

function recordAt(tables: Tables, key: TaskKey): TaskRecord {
  const row = tables.tasks.get(key);
  assert(row !== undefined, `${key} is missing`);
  const { task, unmet, score } = row;
  return { task, unmet, score };
}
