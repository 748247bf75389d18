/**
 * Grants what attempts wished for when the paths became free (P8): the end of the holder's reservation is all that it needs.
 *
 * Looked at every tick before new work is given out, so that who waits comes before who has not begun.
 */
import { tellWidening } from '../actions/widen-scope.ts';
import { keyParts } from '../core/id.ts';
import { isRejection } from '../core/rejection.ts';
import { epochOf } from './lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

/** How many were granted. */
export async function grantWishes(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  let granted = 0;
  for (const plan of settings.plans) {
    const now = ports.clock.now();
    for (const { task } of await ports.store.tasks({ plan, status: ['running'] }, now)) {
      if (task.widening === null || task.widening.holder === null) continue;
      const context = { actor: 'coordinator', now, durable: true, epoch: epochOf(state) };
      const executed = await ports.store.execute(task.key, { type: 'grant-widening', byPerson: false }, context);
      if (isRejection(executed) || executed.record.task.widening !== null) continue;
      await tellWidening(ports.store, executed, now);
      ports.log(`${keyParts(task.key).task}: may also write ${task.widening.entries.join(', ')}`);
      granted += 1;
    }
  }
  return granted;
}
