/** What an attempt has to know of its own task: what is asked, what was learnt before, what waits for it. Reads only. */
import { limits } from '../core/limits.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import type { Context } from './context.ts';
import { findOwnAttempt } from './own-attempt.ts';
import { shortId } from './task-view.ts';

export interface OwnTask {
  task: string;
  plan: string;
  title: string;
  description: string;
  kind: string;
  status: TaskStatus;
  /** Whether the attempt still holds it: otherwise nothing that it does counts. */
  holds: boolean;
  /** Which try at the task this is, from 1. */
  attempt: number;
  token: number;
  agent: string;
  branch: string | null;
  workspace: string | null;
  scope: readonly string[];
  checks: readonly string[];
  /** Of a person, or the notes of an earlier attempt. */
  advice: string | null;
  needs: readonly { id: string; title: string; status: TaskStatus }[];
  /** Why the last attempts failed, oldest first. */
  failures: readonly string[];
  messagesWaiting: number;
}

const failuresShown = 3;

export async function showOwnTask(context: Context): Promise<OwnTask | Rejection> {
  const own = await findOwnAttempt(context, { task: null });
  if (isRejection(own)) return own;
  const { store } = context;
  const { token, attempt, record } = own;
  const { task, unmet } = record;
  const now = context.clock.now();
  const needs = [];
  for (const key of task.dependencies) {
    const other = await store.task(key);
    if (other === null) continue;
    const status = deriveStatus(other.task, other.unmet, now);
    needs.push({ id: shortId(key, task.plan), title: other.task.title, status });
  }
  const agent = attempt?.agent ?? context.caller.name;
  return {
    task: task.id,
    plan: task.plan,
    title: task.title,
    description: task.body.slice(0, limits.messageBytesMax),
    kind: task.kind,
    status: deriveStatus(task, unmet, now),
    holds: task.claim?.token === token,
    attempt: task.attempts,
    token,
    agent,
    branch: attempt?.branch ?? null,
    workspace: attempt?.workspace ?? null,
    scope: task.scope,
    checks: [...new Set([...task.checks, ...((await store.plan(task.plan))?.checks ?? [])])],
    advice: task.advice,
    needs,
    failures: task.failures.slice(-failuresShown).map(({ reason }) => reason),
    messagesWaiting: (await store.messages({ to: agent })).length,
  };
}
