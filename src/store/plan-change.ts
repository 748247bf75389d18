/**
 * The change that a newer draft makes to a stored plan: which commands its tasks get, and how the plan itself changes.
 *
 * Owns what survives a merge (pause, creation time, where its target began). What a draft means for each task is core's (`plan-merge.ts`).
 */
import { landsOn } from '../core/layer-branch.ts';
import type { PlanEventBody } from '../core/event.ts';
import type { TaskKey } from '../core/id.ts';
import { mergeDraft, type PlanMerge } from '../core/plan-merge.ts';
import type { Finding, Plan, PlanPause, TargetStart } from '../core/plan.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import type { Task } from '../core/task.ts';
import { canonicalJson } from './hash.ts';
import type { PlanChange } from './store.ts';

export interface MergedPlan {
  plan: Plan;
  /** `null` if the plan itself stays as it is. */
  event: PlanEventBody | null;
  commands: PlanMerge['commands'];
  /** What each task of the plan is to depend on. */
  graph: ReadonlyMap<TaskKey, readonly TaskKey[]>;
  findings: readonly Finding[];
}

/** @param current the plan's tasks as stored, in the order of their creation. */
export function mergePlan(change: PlanChange, stored: Plan | null, current: readonly Task[]): MergedPlan | Rejection {
  const { draft } = change;
  const plan = stored === null ? change.plan : keepOwn(change.plan, stored);
  const { commands, findings } = mergeDraft({ plan, current, draft });
  const fault = findings.find(({ severity }) => severity === 'error');
  if (fault !== undefined) {
    const where = fault.line === null ? '' : `, line ${fault.line}`;
    const code = fault.code === 'cycle' ? 'cycle' : 'plan-invalid';
    return reject(code, `plan ${plan.id}${where}: ${fault.message}`, 'correct the plan and read it again');
  }
  const graph = new Map(current.map((task) => [task.key, task.dependencies]));
  for (const { key, command } of commands) {
    if (command.type === 'create' || command.type === 'change') graph.set(key, command.definition.dependencies);
  }
  return { plan, event: planEvent(stored, plan), commands, graph, findings };
}

/** What the store alone knows of a plan. */
function keepOwn(wanted: Plan, { paused, landingPaused, createdAt, start }: Plan): Plan {
  return {
    ...wanted,
    paused,
    createdAt,
    ...(landingPaused === undefined ? {} : { landingPaused }),
    ...(start !== undefined && landsOn(wanted, start.target) ? { start } : {}),
  };
}

/** The plan with this start, and what is added to the log; `null` if nothing changes: what was found first stays until a person accepts something else. */
export function startChange(plan: Plan, start: TargetStart): { plan: Plan; event: PlanEventBody } | null {
  const { target, commit, accepted } = start;
  if (!accepted && plan.start?.target === target) return null;
  return { plan: { ...plan, start }, event: { type: 'target-started', target, commit, accepted } };
}

/** The plan paused or resumed, and what that adds to the log; `null` if it is so already. */
export function pauseChange(plan: Plan, { paused, what, why }: PlanPause): { plan: Plan; event: PlanEventBody } | null {
  const of = what === 'landing' ? { what } : {};
  const event: PlanEventBody = paused ? { type: 'plan-paused', why, ...of } : { type: 'plan-resumed', ...of };
  if (what === 'work') return plan.paused === paused ? null : { plan: { ...plan, paused }, event };
  const { landingPaused, ...rest } = plan;
  if ((landingPaused !== undefined) === paused) return null;
  return { plan: paused ? { ...rest, landingPaused: why } : rest, event };
}

function planEvent(stored: Plan | null, plan: Plan): PlanEventBody | null {
  if (stored === null) return { type: 'plan-created', plan };
  return canonicalJson(stored) === canonicalJson(plan) ? null : { type: 'plan-changed', plan };
}
