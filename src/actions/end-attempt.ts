/**
 * Ends an attempt without a result: handed on, blocked, failed, given back.
 *
 * Owns the four ways and what each leaves for who comes next. All are fenced by the attempt's token.
 */
import type { TaskCommand } from '../core/command.ts';
import { limits } from '../core/limits.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import { readHead } from '../platform/head.ts';
import type { Context } from './context.ts';
import { findKeys } from './find-task.ts';
import { findOwnAttempt, type OwnAttempt, type OwnOrder } from './own-attempt.ts';
import { projectProgress } from './project-progress.ts';
import { retryRule } from './retry-rule.ts';
import { addDependencies } from './task-definition.ts';

export interface EndOrder extends OwnOrder {
  reason: string;
}

export interface EndAnswer {
  task: string;
  status: TaskStatus;
  plan: string;
  token: number;
  reason: string;
}

/** Saves notes for a fresh agent and gives the task back (B5). */
export async function handOff(context: Context, order: EndOrder): Promise<EndAnswer | Rejection> {
  return end(context, order, (own, reason) => [
    { type: 'advise', advice: `Handoff notes of ${own.attempt?.agent ?? 'an earlier attempt'}: ${reason}` },
    { type: 'release', token: own.token, reason: 'handed off', commit: commitHere(context) },
  ]);
}

/** Says that the task cannot go on: a person is asked, or other tasks come first (B6). */
export async function blockTask(
  context: Context,
  order: EndOrder & { question: boolean; needs: readonly string[] },
): Promise<EndAnswer | Rejection> {
  if (order.needs.length === 0) {
    const kind = order.question ? 'question' : 'blocked';
    return end(context, order, (own, reason) => [{ type: 'block', token: own.token, kind, reason }]);
  }
  const own = await findOwnAttempt(context, order);
  if (isRejection(own)) return own;
  const needed = await findKeys(context, order.needs, own.record.task.plan);
  return end(context, order, ({ record, token }, reason) => [
    { type: 'change', definition: addDependencies(record.task, needed) },
    { type: 'advise', advice: `Stopped for ${order.needs.join(', ')}: ${reason}` },
    { type: 'release', token, reason, commit: commitHere(context) },
  ]);
}

export async function failTask(context: Context, order: EndOrder): Promise<EndAnswer | Rejection> {
  const rule = retryRule(await context.settings(), Math.random());
  return end(context, order, ({ token }, reason) => [
    { type: 'fail', token, outcome: 'failed', reason, commit: commitHere(context), rule },
  ]);
}

export async function releaseTask(context: Context, order: EndOrder): Promise<EndAnswer | Rejection> {
  return end(context, order, ({ token }, reason) => [{ type: 'release', token, reason, commit: commitHere(context) }]);
}

async function end(
  context: Context,
  order: EndOrder,
  commands: (own: OwnAttempt, reason: string) => readonly TaskCommand[],
): Promise<EndAnswer | Rejection> {
  const own = await findOwnAttempt(context, order);
  if (isRejection(own)) return own;
  const { key, plan, id } = own.record.task;
  const reason = order.reason.slice(0, limits.reasonLengthMax);
  let { record } = own;
  for (const command of fenced(own, commands(own, reason))) {
    const executed = await context.store.execute(key, command, {
      actor: context.caller.actor,
      now: context.clock.now(),
      durable: true,
    });
    if (isRejection(executed)) return executed;
    ({ record } = executed);
  }
  await projectProgress(context, plan);
  return {
    task: id,
    status: deriveStatus(record.task, record.unmet, context.clock.now()),
    plan,
    token: own.token,
    reason,
  };
}

/** An attempt that lost its claim gets the refusal of its ending first, before it changes advice or dependencies. */
function fenced({ record, token }: OwnAttempt, commands: readonly TaskCommand[]): readonly TaskCommand[] {
  return record.task.claim?.token === token ? commands : commands.slice(-1);
}

function commitHere(context: Context): string | null {
  return readHead(context.paths).commit ?? null;
}
