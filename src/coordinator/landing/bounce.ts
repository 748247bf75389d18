/**
 * Sends work back from the queue to be done again, with the reason its next agent needs.
 */
import { keyParts } from '../../core/id.ts';
import type { JudgedBy } from '../../core/judged-by.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Task } from '../../core/task.ts';
import { epochOf } from '../lead.ts';
import { retryRule } from '../tend-attempts.ts';
import { park } from './park.ts';
import type { LandingContext, LandingStep } from './step.ts';

export async function bounce(
  context: LandingContext,
  task: Task,
  order: {
    cause: 'conflict' | 'red' | 'scope' | 'review' | 'approval';
    reason: string;
    /** By what a verdict called it red; absent: it was seen at once. */
    judgedBy?: JudgedBy;
  },
): Promise<LandingStep> {
  const { cause, reason, judgedBy } = order;
  // Nothing is wrong with it: it waits as it is.
  if (cause === 'approval') return park(context, task, reason);
  const { ports, settings, state } = context;
  const cut = withoutMiddle(reason, settings.limits.reasonLengthMax);
  const answer = await ports.store.execute(
    task.key,
    {
      type: 'bounce',
      commit: task.landing?.commit ?? '',
      cause,
      reason: cut,
      rule: retryRule(settings, ports.random()),
      ...(judgedBy === undefined ? {} : { judgedBy }),
    },
    { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
  );
  if (isRejection(answer)) return { outcome: 'again', task: task.key, why: answer.message };
  ports.log(`${keyParts(task.key).task}: sent back from landing (${cause}): ${reason.split('\n')[0]}`);
  return { outcome: 'moved', tasks: [task.key] };
}

/** What failed stands at the beginning, how it failed at the end: what is too much in between goes. */
function withoutMiddle(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const head = Math.floor(lengthMax / 4);
  return `${text.slice(0, head)}\n…\n${text.slice(head - lengthMax)}`;
}
