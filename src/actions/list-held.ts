/** Landings that wait for something that only a person can change. Reads only. */
import type { Task } from '../core/task.ts';
import type { Context } from './context.ts';

/** What keeps a landing back though nothing is wrong with the work, and since when. */
export interface HeldReason {
  why: string;
  since: string;
}

/** Those with the same reason as one. */
export interface HeldLandings extends HeldReason {
  plan: string;
  tasks: readonly string[];
}

export async function listHeld({ store, clock }: Context, plan: string | null): Promise<HeldLandings[]> {
  const query = { ...(plan === null ? {} : { plan }), status: ['landing'] as const };
  const records = await store.tasks(query, clock.now());
  return groupHeld(records.map(({ task }) => ({ task: task.id, plan: task.plan, held: heldReason(task) })));
}

/** By plan and cause, in the order in which they come; each since the first of its tasks. */
export function groupHeld(tasks: readonly { task: string; plan: string; held: HeldReason | null }[]): HeldLandings[] {
  const found = new Map<string, HeldReason & { plan: string; tasks: string[] }>();
  for (const { task, plan, held } of tasks) {
    if (held === null) continue;
    const key = `${plan} ${held.why}`;
    const known = found.get(key) ?? { plan, tasks: [], ...held };
    known.tasks.push(task);
    if (held.since < known.since) known.since = held.since;
    found.set(key, known);
  }
  return [...found.values()];
}

export function heldReason({ landing }: Pick<Task, 'landing'>): HeldReason | null {
  const held = landing?.held ?? null;
  return held === null ? null : { why: held.why, since: new Date(held.since).toISOString() };
}
