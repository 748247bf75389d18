/** Who works on what now (C1): live attempts with status, step, process and branch. Reads only. */
import type { Attempt } from '../core/attempt.ts';
import type { Settings } from '../platform/settings.ts';
import type { Context } from './context.ts';
import { shortId } from './task-view.ts';

export interface AgentView {
  agent: string;
  task: string;
  plan: string;
  token: number;
  /** `silent` when nothing was heard for as long as a stall takes; a runner that lost its lease is `lost`. */
  status: 'working' | 'silent' | 'lost';
  step: number;
  pid: number | null;
  branch: string | null;
  workspace: string | null;
  doing: string;
  startedAt: string;
  /** Milliseconds since its last sign. */
  quietMs: number;
  byHand: boolean;
  tokens: number;
  costUsd: number;
  /** Tokens in the model's context and how many fit; `null` where the agent does not tell. */
  contextUsed: number | null;
  contextSize: number | null;
  /** The agent's own todo list (D11). */
  todo: { done: number; total: number; now: string } | null;
  model: string | null;
}

export async function listAgents(context: Context): Promise<AgentView[]> {
  const { supervision } = await context.settings();
  const attempts = await context.store.attempts({ live: true });
  return attempts.map((attempt) => viewAgent(attempt, { now: context.clock.now(), supervision }));
}

/** @param attempt a live one. */
export function viewAgent(
  { task, token, agent, pulse, branch, workspace, startedAt, byHand }: Attempt,
  { now, supervision }: { now: number; supervision: Settings['supervision'] },
): AgentView {
  const quietMs = Math.max(0, now - pulse.activeAt);
  const limitMs = (byHand ? supervision.stuckS : supervision.stallHintS) * 1000;
  return {
    agent,
    task: shortId(task, task.slice(0, task.indexOf('/'))),
    plan: task.slice(0, task.indexOf('/')),
    token,
    status: pulse.expiresAt <= now ? 'lost' : quietMs >= limitMs ? 'silent' : 'working',
    step: pulse.step,
    pid: pulse.agent?.pid ?? null,
    branch,
    workspace,
    doing: pulse.doing,
    startedAt: new Date(startedAt).toISOString(),
    quietMs,
    byHand,
    tokens: pulse.tokens,
    costUsd: pulse.costUsd,
    contextUsed: pulse.contextUsed,
    contextSize: pulse.contextSize,
    todo: pulse.todo,
    model: pulse.model,
  };
}
