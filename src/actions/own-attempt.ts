/**
 * The attempt that a verb of agents speaks of: the caller's own, or the one that holds the named task.
 *
 * Owns the fencing at the edge: a token given or inherited is used as it is, so that core refuses it when it is old, and what
 * a runner hosts needs the capability that it gave to its agent.
 */
import type { Attempt } from '../core/attempt.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { isCapability } from '../platform/capability.ts';
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
  const attempt = await context.store.attempt(token);
  const forgery = refuseForged(context, attempt);
  return forgery ?? { record, token, attempt };
}

/**
 * I17: an attempt that a runner hosts is written to by its agent alone, which shows what the runner gave it. What somebody
 * claimed by hand has no secret: it is theirs by its token.
 */
function refuseForged({ caller, paths }: Context, attempt: Attempt | null): Rejection | null {
  if (attempt === null || attempt.byHand) return null;
  if (isCapability(paths.key, attempt, caller.capability ?? '')) return null;
  const { token, agent, task } = attempt;
  return reject(
    'not-yours',
    `attempt ${token} of ${agent} at ${task} is ended by its agent alone, and ORBIT_CAPABILITY is not what that agent was given`,
    `leave it to that agent, or as a person: orbit cancel ${task}`,
  );
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
