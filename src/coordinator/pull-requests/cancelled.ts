/** Closes pull requests of tasks that a person cancelled, so that nobody reviews what is not wanted. */
import type { Plan } from '../../core/plan.ts';
import { taskMarker } from '../../core/pull-request-text.ts';
import type { Forge, PullRequest } from '../../forge/forge.ts';
import { OperationalError } from '../../platform/error.ts';
import { epochOf } from '../lead.ts';
import type { LandingContext } from '../landing/step.ts';

export async function closeCancelled({ ports, state }: LandingContext, plan: Plan, forge: Forge): Promise<void> {
  const records = await ports.store.tasks({ plan: plan.id, status: ['cancelled'] }, ports.clock.now());
  for (const { task } of records) {
    if (task.pr === null || task.pr.status === 'merged' || task.pr.status === 'rejected') continue;
    const { number } = task.pr;
    const pull = await found(forge, number);
    if (pull === null) continue;
    const { state: now, body } = pull;
    // One that a person opened is theirs to close.
    if (!body.includes(taskMarker(task.key))) continue;
    if (now === 'open') {
      const text = `Cancelled: ${task.closed?.why ?? ''}`;
      await forge.comment(number, { text, marker: '<!-- orbit: cancelled -->' });
      await forge.close(number);
    }
    await ports.store.execute(
      task.key,
      { type: 'set-pr', number, status: now === 'merged' ? 'merged' : 'rejected' },
      { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
    );
  }
}

async function found(forge: Forge, number: number): Promise<PullRequest | null> {
  try {
    return await forge.get(number);
  } catch (error) {
    if (error instanceof OperationalError && error.code === 'forge-not-found') return null;
    throw error;
  }
}
