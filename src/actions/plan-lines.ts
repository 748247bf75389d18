/** Where the work of a plan stands and lands just now; see `core/layer-branch.ts`. Reads only. */
import { linesOf } from '../core/layer-branch.ts';
import type { Plan } from '../core/plan.ts';
import type { Store } from '../store/store.ts';

/** Full refs, the one that work lands on now first. */
export async function planLines(store: Pick<Store, 'tasks'>, plan: Plan, now: number): Promise<readonly string[]> {
  if (plan.layerBranches !== true) return [plan.target];
  const records = await store.tasks({ plan: plan.id }, now);
  return linesOf(
    plan,
    records.map(({ task }) => task),
  );
}

/** The plan as it lands now: with the open line as its target. */
export async function planOnOpenLine(store: Pick<Store, 'tasks'>, plan: Plan, now: number): Promise<Plan> {
  const [target = plan.target] = await planLines(store, plan, now);
  return { ...plan, target };
}
