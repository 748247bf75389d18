/** Gives a task to another agent: whoever works on it is ended politely with its work saved, and the task wants the other from now on. */
import { agentFamily } from '../../core/agent-name.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../../core/status.ts';
import { UsageError } from '../../platform/error.ts';
import { agentEntry } from '../../platform/known-agents.ts';
import { editTask } from '../change-task.ts';
import type { Context } from '../context.ts';
import { findTask } from '../find-task.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { terminateAgent } from './terminate.ts';

export interface ReassignOrder {
  task: string;
  plan: string | null;
  /** Name in the settings; `null`: any. */
  agent: string | null;
  why: string;
  byForce: boolean;
}

export interface ReassignAnswer {
  task: string;
  plan: string;
  /** The agent that it wants now. */
  agent: string | null;
  status: TaskStatus;
  /** The attempt that was ended for it. */
  ended: { token: number; agent: string } | null;
}

/** Throws `UsageError` `unknown-task`, `unknown-agent`. */
export async function reassignTask(context: Context, order: ReassignOrder): Promise<ReassignAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'give tasks to others');
  if (refusal !== null) return refusal;
  const { agent, why, byForce } = order;
  const settings = await context.settings();
  if (agent !== null && agentEntry(settings, agentFamily(agent)) === null)
    throw new UsageError(
      'unknown-agent',
      `there is no agent ${JSON.stringify(agent)} in orbit.config.json`,
      `known: ${Object.keys(settings.agents).join(', ')}`,
    );
  const { key, claim } = (await findTask(context, order.task, order.plan)).task;
  // Before the end, so that nobody else gets it in between.
  const edited = await editTask(context, { task: key, plan: null, fields: { agent }, pr: null });
  if (isRejection(edited)) return edited;
  if (claim !== null) {
    const ended = await terminateAgent(context, { agent: String(claim.token), after: 'requeue', why, byForce });
    if (isRejection(ended) && ended.code !== 'not-running') return ended;
  }
  const { task, unmet } = await findTask(context, key);
  return {
    task: task.id,
    plan: task.plan,
    agent: task.agent,
    status: deriveStatus(task, unmet, context.clock.now()),
    ended: claim === null ? null : { token: claim.token, agent: claim.agent },
  };
}
