/** Says that work on a task goes on: extends a claim made by hand, and tells an attempt whether its claim still stands. */
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import type { Context } from './context.ts';
import { findOwnAttempt, type OwnOrder } from './own-attempt.ts';
import { tellProgress } from './tell-progress.ts';

export interface BeatAnswer {
  task: string;
  token: number;
  expiresAt: string;
}

/** @param doing one line on what it does now; `null` keeps the last one. */
export async function beatTask(
  context: Context,
  order: OwnOrder,
  doing: string | null,
): Promise<BeatAnswer | Rejection> {
  const own = await findOwnAttempt(context, order);
  if (isRejection(own)) return own;
  const { attempt, token, record } = own;
  const lost = reject(
    'lease-lost',
    `attempt ${token} no longer holds ${record.task.id}`,
    'stop working: commits made so far are kept (orbit recover)',
  );
  if (attempt === null || record.task.claim?.token !== token) return lost;
  // A runner beats for its attempt by itself; a second writer would only blur what it saw. It hears what is told.
  if (!attempt.byHand) {
    const told = doing === null ? null : await tellProgress(context, { doing, todo: null });
    if (isRejection(told)) return told;
    return { task: record.task.id, token, expiresAt: new Date(attempt.pulse.expiresAt).toISOString() };
  }
  const now = context.clock.now();
  const expiresAt = now + Math.round((await context.settings()).claimByHandS * 1000);
  const held = await context.store.beat(token, {
    ...attempt.pulse,
    at: now,
    activeAt: now,
    expiresAt,
    doing: doing ?? attempt.pulse.doing,
    step: attempt.pulse.step + 1,
  });
  return held ? { task: record.task.id, token, expiresAt: new Date(expiresAt).toISOString() } : lost;
}
