/**
 * What changes whole plans, inside one transaction each: a newer draft, pausing.
 *
 * Apart from the changes to single tasks, because a short command would pay for reading this code and never needs it.
 */
import { landsOn } from '../../core/layer-branch.ts';
import { keyParts, taskKey, type TaskKey } from '../../core/id.ts';
import type { Plan, PlanPause, TargetStart } from '../../core/plan.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { leavesPlan, refuseCycle } from '../cycle.ts';
import { mergePlan, pauseChange, startChange } from '../plan-change.ts';
import type { PlanApplied, PlanChange } from '../store.ts';
import { decide, write } from './changes.ts';
import type { Transaction } from './transaction.ts';
import { readPlan, writePlan } from './plan-rows.ts';
import { needsOf, readTask, recount, setScore, tasksOfPlan } from './task-rows.ts';

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

export function pausePlan(tx: Transaction, id: string, pause: PlanPause): Plan | null {
  const plan = readPlan(tx.db, id);
  if (plan === null) return null;
  const change = pauseChange(plan, pause);
  if (change === null) return plan;
  writePlan(tx.db, change.plan);
  tx.log.append({ at: tx.now, actor: tx.actor, plan: id, body: change.event });
  return change.plan;
}

export function startTarget(tx: Transaction, id: string, start: Omit<TargetStart, 'at'>): Plan | null {
  const plan = readPlan(tx.db, id);
  if (plan === null || !landsOn(plan, start.target)) return null;
  const change = startChange(plan, { ...start, at: tx.now });
  if (change === null) return plan;
  writePlan(tx.db, change.plan);
  tx.log.append({ at: tx.now, actor: tx.actor, plan: id, body: change.event });
  return change.plan;
}
