/**
 * Parks work that a person has to see before it lands: it stays as it is, keeps its place in the queue, and waits in the inbox.
 */
import { keyParts } from '../../core/id.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Task } from '../../core/task.ts';
import { epochOf } from '../lead.ts';
import type { LandingContext, LandingStep } from './step.ts';

export async function park(
  { ports, settings, state }: LandingContext,
  task: Task,
  reason: string,
): Promise<LandingStep> {
  const answer = await ports.store.execute(
    task.key,
    { type: 'escalate', kind: 'approval', reason: reason.slice(0, settings.limits.reasonLengthMax) },
    { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
  );
  if (isRejection(answer)) return { outcome: 'again', task: task.key, why: answer.message };
  ports.log(`${keyParts(task.key).task}: waits for a person: ${reason}`);
  return { outcome: 'moved', tasks: [task.key] };
}
