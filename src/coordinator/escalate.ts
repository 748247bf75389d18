/**
 * Stranded tasks: blocked by something that will never happen by itself. They go to a person's inbox (I10).
 *
 * Owns that look. Finished work counts too: it cannot land before what it was built on. A dependency that is in the inbox strands nobody: answering it frees all who wait.
 */
import { isRejection } from '../core/rejection.ts';
import { hasEnded } from '../core/status.ts';
import type { CoordinatorState } from './state.ts';
import { epochOf } from './lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

/** How many tasks were put into the inbox. */
export async function escalateStranded(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  let escalated = 0;
  for (const plan of settings.plans) {
    const now = ports.clock.now();
    for (const { task: cancelled } of await ports.store.tasks({ plan, status: ['cancelled'] }, now)) {
      for (const key of await ports.store.dependants(cancelled.key)) {
        const record = await ports.store.task(key);
        if (record === null || record.task.inbox !== null || hasEnded(record.task)) continue;
        if (record.task.claim !== null) continue;
        const answer = await ports.store.execute(
          key,
          {
            type: 'escalate',
            kind: 'dependency-cancelled',
            reason: `it needs ${cancelled.id}, which was cancelled; orbit dep rm ${record.task.id} ${cancelled.id}, or orbit cancel ${record.task.id}`,
          },
          { actor: 'coordinator', now, durable: true, epoch: epochOf(state) },
        );
        if (!isRejection(answer)) escalated += 1;
      }
    }
  }
  return escalated;
}
