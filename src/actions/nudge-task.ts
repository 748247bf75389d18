/**
 * Tells an agent something while it works, or whoever tries the task next.
 *
 * Owns the answer to "did it get there": the words are stored first, so that they are never lost; then the attempt's runner
 * says them to the agent and records how soon they reach the model, and that record is what is told.
 */
import type { HintDelivery } from '../core/attempt.ts';
import { limits } from '../core/limits.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { awaitChange } from './await-change.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { steerTask, type SteerAnswer } from './steer-task.ts';

export interface NudgeAnswer extends SteerAnswer {
  /** The agent at work, `null` if nobody is. */
  agent: string | null;
  /**
   * `now`: in the middle of its turn. `next-turn`: when its turn ends. `next-attempt`: this agent hears nothing while it works, or
   * nobody is at work. `pending`: stored, and not heard by the attempt's runner yet.
   */
  delivery: Exclude<HintDelivery, 'unsupported'> | 'next-attempt' | 'pending';
}

export async function nudgeTask(
  context: Context,
  order: { task: string; plan: string | null; text: string },
): Promise<NudgeAnswer | Rejection> {
  const since = await context.store.lastSeq();
  const { task, plan, text } = order;
  const answer = await steerTask(context, { task, plan, steering: { type: 'advise', advice: text } });
  if (isRejection(answer)) return answer;
  const { claim, key } = (await findTask(context, task, plan)).task;
  if (claim === null || claim.byHand) return { ...answer, agent: claim?.agent ?? null, delivery: 'next-attempt' };
  const delivery = await deliveryOf(context, { key, since, token: claim.token });
  return { ...answer, agent: claim.agent, delivery };
}

async function deliveryOf(
  context: Context,
  { key, since, token }: { key: Parameters<Context['store']['task']>[0]; since: number; token: number },
): Promise<NudgeAnswer['delivery']> {
  const { store } = context;
  const heard = await awaitChange(context, limits.nudgePatienceMs, async () => {
    for (const { body } of await store.events({ since, task: key })) {
      if (body.type === 'agent-hinted' && body.by === 'person' && body.token === token)
        return body.delivery === 'unsupported' ? 'next-attempt' : body.delivery;
    }
    const attempt = await store.attempt(token);
    return attempt === null || attempt.endedAt !== null ? 'next-attempt' : null;
  });
  return heard ?? 'pending';
}
