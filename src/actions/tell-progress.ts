/** Says what an attempt does now: recorded for people and supervision at once, without waiting for the runner's next beat (D11). */
import type { Todo } from '../core/attempt.ts';
import { limits } from '../core/limits.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import type { Context } from './context.ts';
import { findOwnAttempt } from './own-attempt.ts';

export interface ProgressOrder {
  /** One line. */
  doing: string;
  /** The whole list as it is now; `null` keeps the last one. */
  todo: readonly { text: string; done: boolean }[] | null;
}

export interface ProgressAnswer {
  task: string;
  token: number;
}

export async function tellProgress(
  context: Context,
  { doing, todo }: ProgressOrder,
): Promise<ProgressAnswer | Rejection> {
  const own = await findOwnAttempt(context, { task: null });
  if (isRejection(own)) return own;
  const { key, id } = own.record.task;
  const executed = await context.store.execute(
    key,
    { type: 'tell-progress', token: own.token, doing: line(doing), todo: todo === null ? null : shortOf(todo) },
    { actor: context.caller.actor, now: context.clock.now(), durable: false },
  );
  return isRejection(executed) ? executed : { task: id, token: own.token };
}

function shortOf(items: readonly { text: string; done: boolean }[]): Todo {
  const next = items.find(({ done }) => !done)?.text ?? '';
  return { done: items.filter(({ done }) => done).length, total: items.length, now: line(next) };
}

function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, limits.doingLengthMax).toWellFormed();
}
