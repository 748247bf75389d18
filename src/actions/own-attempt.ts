/**
 * The attempt that a verb of agents speaks of: the caller's own, or the one that holds the named task.
 *
 * Owns the fencing at the edge: a token given or inherited is used as it is, so that core refuses it when it is old.
 */
import type { Attempt } from '../core/attempt.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import type { TaskRecord } from '../store/store.ts';
import { refuseOthers } from './caller.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { shortId } from './task-view.ts';

export interface OwnOrder {
  /** `null`: the caller's own task. */
  task: string | null;
  plan?: string | null;
  /** A token that the caller claims to hold. */
  token?: number | null;
}

export interface OwnAttempt {
  record: TaskRecord;
  token: number;
  attempt: Attempt | null;
}

/** Throws `UsageError`: `missing-argument` where no task is named and the caller has none, and those of `findTask`. */
export async function findOwnAttempt(context: Context, order: OwnOrder): Promise<OwnAttempt | Rejection> {
  const { caller } = context;
  const text = order.task ?? (caller.kind === 'attempt' ? caller.task : null);
  if (text === null) throw new UsageError('missing-argument', 'name a task', 'for example T031');
  const record = await findTask(context, text, order.plan ?? null);
  const refusal = refuseOthers(caller, record.task.key);
  if (refusal !== null) return refusal;
  const token = order.token ?? (caller.kind === 'attempt' ? caller.token : heldByHand(record));
  if (isRejection(token)) return token;
  return { record, token, attempt: await context.store.attempt(token) };
}

/** The token of a claim made by hand; what a runner holds is its agent's to end. */
function heldByHand({ task }: TaskRecord): number | Rejection {
  const id = shortId(task.key, '');
  const { claim } = task;
  if (claim?.byHand === true) return claim.token;
  if (claim !== null) {
    return reject(
      'task-claimed',
      `attempt ${claim.token} of ${claim.agent} works on ${id}`,
      `wait for it, or orbit cancel ${id}`,
    );
  }
  if (task.closed !== null) return reject('task-ended', `${id} was ${task.closed.as}`, `orbit show ${id}`);
  if (task.evidence !== null)
    return reject('already-done', `${id} was completed already, by ${task.evidence.agent}`, 'nothing to do');
  return reject('not-running', `nobody has started ${id}`, `orbit start ${id}`);
}
