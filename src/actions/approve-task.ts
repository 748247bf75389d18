/**
 * A person's word on finished work: it may land, or it goes back.
 *
 * Owns that only people say it (I17), and that it is said of the tree that they saw: a tree named beside the task must be the present
 * one, and the present one is what the store binds the word to.
 */
import { limits } from '../core/limits.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import { UsageError } from '../platform/error.ts';
import { refuseAgents } from './refuse-agents.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { projectProgress } from './project-progress.ts';
import { steerTask } from './steer-task.ts';

export interface ApproveAnswer {
  task: string;
  plan: string;
  status: TaskStatus;
  /** What the word is bound to. */
  tree: string;
}

/**
 * @param order.tree the tree that the person saw, or its beginning; `null`: the present one.
 * Throws `UsageError` `bad-id`, and those of `findTask`.
 */
export async function approveTask(
  context: Context,
  order: { task: string; plan: string | null; tree: string | null },
): Promise<ApproveAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'approve work');
  if (refusal !== null) return refusal;
  requireTree(order.tree);
  const { task } = await findTask(context, order.task, order.plan);
  const commit = task.evidence?.commit ?? null;
  if (commit === null) return noWork(task);
  const tree = await (await context.repository()).tree(commit);
  if (order.tree !== null && !tree.startsWith(order.tree)) {
    return reject(
      'tree-changed',
      `the work of ${task.key} has changed since: you speak of tree ${order.tree}, it is ${tree.slice(0, 12)} now`,
      `look at it again: orbit approve lists what waits, orbit show ${task.key} tells what it is`,
    );
  }
  return run(context, task, { command: { type: 'approve', commit, tree }, tree });
}

/** Sends finished work back to its agent with the reason, or (`close`) ends the task. */
export async function rejectTask(
  context: Context,
  order: { task: string; plan: string | null; reason: string; close: boolean },
): Promise<ApproveAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'reject work');
  if (refusal !== null) return refusal;
  const { task } = await findTask(context, order.task, order.plan);
  const commit = task.evidence?.commit ?? null;
  if (commit === null) return noWork(task);
  const tree = task.evidence?.tree ?? '';
  const reason = `${context.caller.name} rejected it: ${order.reason}`.slice(0, limits.reasonLengthMax);
  if (!order.close) return run(context, task, { command: { type: 'reject', commit, reason }, tree });
  const steering = { type: 'cancel', why: order.reason } as const;
  const closed = await steerTask(context, { task: task.key, plan: null, steering });
  return isRejection(closed) ? closed : { ...closed, tree };
}

/** A tree's id, or enough of its beginning. Throws `UsageError` `bad-id`. */
export function requireTree(text: string | null): void {
  if (text === null || /^[0-9a-f]{7,64}$/.test(text)) return;
  const what = JSON.stringify(text.slice(0, 80));
  throw new UsageError('bad-id', `${what} is no id of a tree`, 'orbit approve lists them');
}

async function run(
  context: Context,
  { key }: Task,
  { command, tree }: { command: Parameters<Context['store']['execute']>[1]; tree: string },
): Promise<ApproveAnswer | Rejection> {
  const now = context.clock.now();
  const executed = await context.store.execute(key, command, { actor: context.caller.actor, now, durable: true });
  if (isRejection(executed)) return executed;
  const { task, unmet } = executed.record;
  await projectProgress(context, task.plan);
  return { task: task.id, plan: task.plan, status: deriveStatus(task, unmet, now), tree };
}

function noWork({ key }: Task): Rejection {
  return reject('not-done', `${key} has no finished work to look at`, `orbit why ${key}`);
}
