/** Owns which checks the whole of a plan has to pass: those of all that landed, the plan's own, and the target's. */
import type { Plan } from '../core/plan.ts';
import type { Store } from '../store/store.ts';

/** @param landingChecks of the settings. @param now milliseconds since 1970. */
export async function planChecks(
  store: Pick<Store, 'tasks'>,
  plan: Plan,
  { landingChecks, now }: { landingChecks: readonly string[]; now: number },
): Promise<string[]> {
  const records = await store.tasks({ plan: plan.id, status: ['landed'] }, now);
  const own = records.flatMap(({ task }) => (task.landing === null ? [] : task.checks));
  return [...new Set([...own, ...plan.checks, ...landingChecks])];
}
