/** Who may write what now, who wishes for more, and where work in flight will meet. Reads only. */
import { keyParts } from '../core/id.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { presentConflicts, type ConflictPair } from './present-conflicts.ts';
import { listWishes, type Wish } from './widen-scope.ts';

export interface Reservations {
  at: string;
  /** An empty scope means anywhere: such an attempt keeps nobody waiting. */
  held: readonly {
    task: string;
    plan: string;
    title: string;
    agent: string;
    token: number;
    scope: readonly string[];
    since: string;
  }[];
  wishes: readonly Omit<Wish, 'key'>[];
  conflicts: readonly ConflictPair[];
}

/** @param plan only this one; `null` = all. Throws `UsageError` as `requirePlan` does. */
export async function listReservations(context: Context, plan: string | null): Promise<Reservations> {
  if (plan !== null) await requirePlan(context, plan);
  const { store, clock } = context;
  const attempts = await store.attempts({ ...(plan === null ? {} : { plan }), live: true });
  const held = [];
  for (const { task: key, agent, token, startedAt } of attempts.toSorted((one, other) => one.token - other.token)) {
    const task = (await store.task(key))?.task ?? null;
    if (task === null) continue;
    const { title, scope } = task;
    held.push({ ...keyParts(key), title, agent, token, scope, since: new Date(startedAt).toISOString() });
  }
  const wishes = (await listWishes(context, plan)).map(({ key: _key, ...wish }) => wish);
  return {
    at: new Date(clock.now()).toISOString(),
    held,
    wishes,
    conflicts: await presentConflicts(context, { plan }),
  };
}
