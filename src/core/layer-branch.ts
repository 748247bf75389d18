/**
 * Layer branches: where the work of a plan with `layers: hard` lands (A5). Pure.
 *
 * Owns the rule of lines: each layer has a branch, it begins where the layer before it ended, and one of them is open at a time.
 * Whatever lands, lands on the open one, so that no branch misses what an earlier one got late. Invariant: the open line never goes
 * back, and the last one holds all that landed. Names are made of the layer's number and the plan's name, never of titles.
 */
import { isSettled } from './landing.ts';
import type { Finding, Plan, PlanDraft } from './plan.ts';
import type { Task } from './task.ts';

/** Full ref of a layer's branch: `refs/heads/layer-2-001`. */
export function layerTarget(plan: Pick<Plan, 'id'>, layer: number): string {
  return `refs/heads/layer-${layer}-${plan.id.toLowerCase()}`;
}

/** Where the plan ends: on the branch of its last layer, or on its one target. */
export function lastTarget(plan: Pick<Plan, 'id' | 'layerList'>, target: string): string {
  const last = Math.max(...plan.layerList.map(({ number }) => number));
  return Number.isFinite(last) ? layerTarget(plan, last) : target;
}

/**
 * The branches that work of the plan stands on, the open one first, then those of earlier layers from the nearest on; of a plan
 * without layer branches its target alone.
 *
 * @param tasks all of the plan; not looked at where it has no layer branches.
 */
export function linesOf(plan: Plan, tasks: readonly Task[]): readonly string[] {
  if (plan.layerBranches !== true) return [plan.target];
  const numbers = [...new Set(plan.layerList.map(({ number }) => number))].toSorted((one, other) => one - other);
  const last = numbers.at(-1);
  if (last === undefined) return [plan.target];
  const unsettled = tasks.flatMap((task) => (task.layer === null || isOver(task) ? [] : [task.layer]));
  const used = new Set(tasks.map(({ landing }) => landing?.target));
  const open = Math.max(
    Math.min(...unsettled, last),
    ...numbers.filter((number) => used.has(layerTarget(plan, number))),
  );
  return numbers
    .filter((number) => number <= open)
    .toReversed()
    .map((number) => layerTarget(plan, number));
}

/** Whether work of the plan lands on this branch at some time. */
export function landsOn({ id, target, layerBranches, layerList }: Plan, branch: string): boolean {
  return (
    target === branch ||
    (layerBranches === true && layerList.some(({ number }) => layerTarget({ id }, number) === branch))
  );
}

function isOver(task: Task): boolean {
  return task.closed !== null || isSettled(task);
}

/** What the file asks for and layer branches cannot give. */
export function layerFindings({ layerBranches }: Plan, { unblock }: Pick<PlanDraft, 'unblock'>): Finding[] {
  if (layerBranches !== true || unblock !== 'done') return [];
  const message =
    'each layer lands on its branch before the next one opens, so "unblock: done" has no effect; landing.layerBranches: false lands all layers on one branch';
  return [{ severity: 'warning', code: 'contradiction', message, line: null, task: null }];
}
