/**
 * Ends an attempt without a result: handed on, blocked, failed, given back.
 *
 * Owns the four ways and what each leaves for who comes next. All are fenced by the attempt's token.
 */
import type { TaskCommand } from '../core/command.ts';
import { limits } from '../core/limits.ts';
import { taskKey, type TaskKey } from '../core/id.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import { readHead } from '../platform/head.ts';
import type { TaskFields } from './change-task.ts';
import type { Context } from './context.ts';
import { findKeys } from './find-task.ts';
import { findOwnAttempt, type OwnAttempt, type OwnOrder } from './own-attempt.ts';
import { projectProgress } from './project-progress.ts';
import { retryRule } from './retry-rule.ts';
import { shortId } from './task-view.ts';

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
  return end(context, { ...order, lengthMax: limits.notesLengthMax }, ({ token, attempt }, reason) => [
    ...adviceByHand(attempt, `Handoff notes of ${attempt?.agent ?? 'an earlier attempt'}: ${reason}`),
    { type: 'hand-over', token, cause: 'handoff', reason: 'handed off', notes: reason, commit: commitHere(context) },
  ]);
}

export interface BlockOrder extends EndOrder {
  /** It is a question to a person. */
  question: boolean;
  /** Tasks that have to be done first. */
  needs: readonly string[];
  /** A task that does not exist yet and has to be done first, before all of its layer. */
  make?: (TaskFields & { title: string }) | null;
}

/**
 * Says that the task cannot go on: a person is asked, or other tasks come first and it goes on after them (B6). What is wrong
 * with those, unknown ids, a ring, a bad split, is refused before anything changes.
 */
export async function blockTask(context: Context, order: BlockOrder): Promise<EndAnswer | Rejection> {
  const make = order.make ?? null;
  if (order.needs.length === 0 && make === null) {
    const kind = order.question ? 'question' : 'blocked';
    const whole = { ...order, lengthMax: limits.notesLengthMax };
    return end(context, whole, (own, reason) => [{ type: 'block', token: own.token, kind, reason }]);
  }
  const own = await findOwnAttempt(context, order);
  if (isRejection(own)) return own;
  const { task } = own.record;
  const needs = await findKeys(context, order.needs, task.plan);
  if (task.claim?.token === own.token) {
    const { refuseNeeds } = await import('./split-task.ts');
    const behind = await findKeys(context, make?.dependencies ?? [], task.plan);
    const refusal = await refuseNeeds(context, task, [...needs, ...behind]);
    if (refusal !== null) return refusal;
    const made = make === null ? null : await makeFirst(context, task, make);
    if (isRejection(made)) return made;
    if (made !== null) needs.push(made);
  }
  const names = needs.map((key) => shortId(key, task.plan)).join(', ');
  return end(context, { ...order, lengthMax: limits.notesLengthMax }, ({ token, attempt }, reason) => [
    ...adviceByHand(attempt, `Stopped for ${names}: ${reason}`),
    { type: 'block-on', token, needs, reason: `waits for ${names}: ${reason}`, commit: commitHere(context) },
  ]);
}

/** Sooner than what waits for it. */
async function makeFirst(
  context: Context,
  { plan, priority, layer }: Task,
  fields: TaskFields & { title: string },
): Promise<TaskKey | Rejection> {
  const { createTask } = await import('./change-task.ts');
  const answer = await createTask(context, {
    plan,
    id: null,
    fields: { layer, ...fields, priority: Math.max(priority + 1, fields.priority ?? 0) },
  });
  return isRejection(answer) ? answer : taskKey(answer.plan, answer.task);
}

/** The notes of an attempt that a runner hosts go to the next one's prompt by themselves. */
function adviceByHand(attempt: OwnAttempt['attempt'], advice: string): TaskCommand[] {
  return attempt?.byHand === false ? [] : [{ type: 'advise', advice: advice.slice(0, limits.notesLengthMax) }];
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
  order: EndOrder & { lengthMax?: number },
  commands: (own: OwnAttempt, reason: string) => readonly TaskCommand[],
): Promise<EndAnswer | Rejection> {
  const own = await findOwnAttempt(context, order);
  if (isRejection(own)) return own;
  const { key, plan, id } = own.record.task;
  const reason = order.reason.slice(0, order.lengthMax ?? limits.reasonLengthMax).toWellFormed();
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
