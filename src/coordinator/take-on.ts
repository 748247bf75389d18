/** A run on request takes on the plans that it is asked for: their work lands from then on, too. */
import { keyParts } from '../core/id.ts';
import { ensureTarget } from './landing/target.ts';
import { onOpenLines } from './plans.ts';
import type { CoordinatorPorts } from './ports.ts';
import type { Requests } from './requests.ts';

/** @param plans of the run; grows. */
export async function takeOnAsked(ports: CoordinatorPorts, { spawns }: Requests, plans: string[]): Promise<void> {
  for (const id of spawns.flatMap(({ tasks }) => tasks.map((key) => keyParts(key).plan))) {
    const plan = plans.includes(id) ? null : await ports.store.plan(id);
    if (plan === null) continue;
    for (const line of await onOpenLines(ports, [plan])) if (line.fault === null) await ensureTarget(ports, line.plan);
    plans.push(id);
  }
}
