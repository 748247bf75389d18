/** Owns what pausing a plan and starting its target do to the rows of a memory store. */
import { landsOn } from '../../core/layer-branch.ts';
import type { PlanEventBody } from '../../core/event.ts';
import type { Plan, PlanPause, TargetStart } from '../../core/plan.ts';
import { pauseChange, startChange } from '../plan-change.ts';
import { appendEvent, type Transaction } from './changes.ts';

export function pausePlan(tx: Transaction, id: string, pause: PlanPause): Plan | null {
  const plan = tx.tables.plans.get(id);
  if (plan === undefined) return null;
  const change = pauseChange(plan, pause);
  return change === null ? plan : put(tx, change.plan, change.event);
}

export function startTarget(tx: Transaction, id: string, start: Omit<TargetStart, 'at'>): Plan | null {
  const plan = tx.tables.plans.get(id);
  if (plan === undefined || !landsOn(plan, start.target)) return null;
  const change = startChange(plan, { ...start, at: tx.now });
  return change === null ? plan : put(tx, change.plan, change.event);
}

function put({ tables, actor, now }: Transaction, plan: Plan, body: PlanEventBody): Plan {
  tables.put(tables.plans, plan.id, plan);
  appendEvent(tables, { at: now, actor, plan: plan.id, body });
  return plan;
}
