/**
 * Takes a task by hand: for agents that a person runs themselves, without a coordinator.
 *
 * Owns what is known about the caller's work place at that moment: where its HEAD stands is where the work begins.
 */
import { nameFault } from '../core/id.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import { readHead } from '../platform/head.ts';
import type { TaskRecord } from '../store/store.ts';
import { refuseAttempts } from './caller.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { projectProgress } from './project-progress.ts';
import { syncPlans } from './sync-plan.ts';

export interface ClaimOrder {
  agent: string;
  plan: string | null;
  /** Only this task; else the best that the agent may have. */
  task: TaskRecord | null;
}

export interface ClaimAnswer {
  task: string;
  title: string;
  /** Which try at the task this is, counted from 1. */
  attempt: number;
  token: number;
  /** Branch that the caller stands on, `null` when detached. */
  branch: string | null;
  /** Top of the worktree that the caller stands in. */
  workspace: string;
  plan: string;
  key: string;
  agent: string;
  expiresAt: string;
}

export async function claimTask(context: Context, order: ClaimOrder): Promise<ClaimAnswer | Rejection> {
  const { caller, clock, paths, store } = context;
  const refusal = refuseAttempts(caller, 'claim another task');
  if (refusal !== null) return refusal;
  const fault = nameFault(order.agent);
  if (fault !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(order.agent.slice(0, 80))} cannot be an agent: ${fault}`,
      'an agent is a name such as claude or claude-1',
    );
  if (order.task === null) await (order.plan === null ? syncPlans(context) : requirePlan(context, order.plan));
  const { claimByHandS, shared } = await context.settings();
  const head = readHead(paths);
  const branch = head.branch?.replace(/^refs\/heads\//, '') ?? null;
  const claimed = await store.claim(
    {
      agent: order.agent,
      plan: order.task?.task.plan ?? order.plan,
      task: order.task?.task.key ?? null,
      byHand: true,
      leaseMs: Math.round(claimByHandS * 1000),
      shared,
      base: head.commit === undefined ? await (await context.repository()).resolve(head.branch ?? 'HEAD') : head.commit,
      workspace: paths.worktree,
      branch,
    },
    caller.actor,
    clock.now(),
  );
  if (isRejection(claimed)) return claimed;
  const { task, token } = claimed;
  await projectProgress(context, task.plan, 'claim');
  return {
    task: task.id,
    title: task.title,
    attempt: task.attempts,
    token,
    branch,
    workspace: paths.worktree,
    plan: task.plan,
    key: task.key,
    agent: order.agent,
    expiresAt: new Date(claimed.expiresAt).toISOString(),
  };
}

/** Who starts a task when no agent is named: `ORBIT_AGENT`, else the agent that it wants, else the person. */
export function agentFor(context: Context, task: TaskRecord): string {
  return context.caller.agent ?? task.task.agent ?? context.caller.name.replace(/[^A-Za-z0-9._-]/g, '-');
}
