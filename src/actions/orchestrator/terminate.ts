/**
 * Ends an agent's attempt (E2): politely, by its runner, which stops the agent, saves its work and gives the task back.
 *
 * Owns the order "hold the task if wanted, ask the runner, see the attempt ended and the runner gone". Invariant: it answers
 * `ended` only after a look that found both.
 */
import { hostname } from 'node:os';
import type { Attempt } from '../../core/attempt.ts';
import { keyParts } from '../../core/id.ts';
import { limits } from '../../core/limits.ts';
import { isRejection, reject, type Rejection } from '../../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../../core/status.ts';
import { lookAtProcess } from '../../platform/process.ts';
import { endProcessTree } from '../../platform/process-tree.ts';
import { awaitChange } from '../await-change.ts';
import type { Context } from '../context.ts';
import { projectProgress } from '../project-progress.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { steerTask } from '../steer-task.ts';
import { findAgent } from './agents.ts';

export interface TerminateOrder {
  /** A token, an agent at work, or a task. */
  agent: string;
  /** `requeue`: its task may be given out again at once. `hold`: not before `orbit resume`. */
  after: 'requeue' | 'hold';
  why: string;
  /** Ends runner and agent by force, without waiting for them. */
  byForce: boolean;
}

export interface TerminateAnswer {
  id: string;
  agent: string;
  plan: string;
  task: string;
  /** The task's, now. */
  status: TaskStatus;
  outcome: string | null;
  /** Commit that its work was found at; `null` where it made none. Uncommitted work is kept as well: `orbit recover`. */
  commit: string | null;
  observedAt: string;
}

/** Throws `UsageError` `unknown-agent`, `unknown-attempt`. */
export async function terminateAgent(context: Context, order: TerminateOrder): Promise<TerminateAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'end agents');
  if (refusal !== null) return refusal;
  const attempt = await findAgent(context, order.agent);
  if (attempt.endedAt !== null)
    return reject(
      'not-running',
      `attempt ${attempt.token} of ${attempt.agent} has ended already (${attempt.outcome})`,
      'orbit agents',
    );
  const why = order.why.slice(0, limits.reasonLengthMax);
  const { token } = attempt;
  const body = { type: 'termination-asked', token, after: order.after, why } as const;
  await context.store.record(body, context.caller.actor, context.clock.now());
  // Before the end, so that nobody gets the task in between.
  if (order.after === 'hold') {
    const held = await steerTask(context, { task: attempt.task, plan: null, steering: { type: 'hold', why } });
    if (isRejection(held) && held.code !== 'task-held') return held;
  }
  const ended = order.byForce ? await endByForce(context, attempt, why) : await endPolitely(context, attempt, why);
  return isRejection(ended) ? ended : answer(context, ended);
}

async function endPolitely(context: Context, attempt: Attempt, why: string): Promise<Attempt | Rejection> {
  const { token, agent } = attempt;
  if (attempt.byHand) return giveBack(context, attempt, why);
  let isAsked = false;
  const ended = await awaitChange(context, limits.terminatePatienceMs, async () => {
    const now = await context.store.attempt(token);
    if (now === null) return null;
    const { runner } = now.pulse;
    const look = runner === null ? 'unknown' : lookAtProcess(runner);
    if (now.endedAt !== null) return look === 'alive' ? null : now;
    // Elsewhere, or gone: nobody here can ask it, and it stops at its next beat.
    if (runner !== null && (runner.host !== hostname() || look === 'gone')) return giveBackSaved(context, now, why);
    // Not before its first beat: until then it may not listen yet.
    if (runner !== null && look === 'alive' && !isAsked) ask(runner.pid);
    isAsked ||= runner !== null;
    return null;
  });
  const hint = `orbit agents shows it; orbit terminate ${token} --now ends it by force`;
  return ended ?? reject('still-running', `attempt ${token} of ${agent} was asked to end and has not ended yet`, hint);
}

/** One that ended since the look needs no asking; the next look sees it. */
function ask(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Runner first, so that it cannot start or report anything while its agent ends. */
async function endByForce(context: Context, attempt: Attempt, why: string): Promise<Attempt | Rejection> {
  const { token, byHand } = attempt;
  if (byHand) return giveBack(context, attempt, why);
  const { runner, agent } = attempt.pulse;
  const { task } = keyParts(attempt.task);
  const marker = { project: context.paths.top, task, token: String(token) };
  if (runner !== null) await endProcessTree(runner, { marker: null, graceMs: 0 });
  const root = agent ?? runner;
  if (root !== null) {
    const { state } = await endProcessTree(root, { marker, workspace: attempt.workspace, graceMs: limits.stopGraceMs });
    if (state === 'left')
      return reject(
        'still-running',
        `processes of attempt ${token} cannot be ended`,
        'orbit doctor; look at them with ps',
      );
  }
  return giveBackSaved(context, attempt, why);
}

async function giveBackSaved(context: Context, attempt: Attempt, why: string): Promise<Attempt | Rejection> {
  const { task, token } = attempt;
  // Read again: it may have got its workspace, or told its own end, since the first look.
  const now = (await context.store.attempt(token)) ?? attempt;
  const isHere = now.workspace !== null && (now.pulse.runner?.host ?? hostname()) === hostname();
  if (isHere) await (await context.workspaces()).salvage(task, token, now.workspace);
  return giveBack(context, now, why);
}

async function giveBack(context: Context, { task, token }: Attempt, why: string): Promise<Attempt | Rejection> {
  const { store, caller, clock } = context;
  const released = await store.execute(
    task,
    { type: 'release', token, reason: `ended by a person: ${why}`, commit: null },
    { actor: caller.actor, now: clock.now(), durable: true },
  );
  const after = await store.attempt(token);
  if (after !== null && after.endedAt !== null) return after;
  return isRejection(released) ? released : reject('not-running', `there is no attempt ${token}`, 'orbit agents');
}

async function answer(context: Context, attempt: Attempt): Promise<TerminateAnswer> {
  const now = context.clock.now();
  const { plan, task } = keyParts(attempt.task);
  await projectProgress(context, plan);
  const record = await context.store.task(attempt.task);
  return {
    id: String(attempt.token),
    agent: attempt.agent,
    plan,
    task,
    status: record === null ? 'cancelled' : deriveStatus(record.task, record.unmet, now),
    outcome: attempt.outcome,
    commit: attempt.commit,
    observedAt: new Date(now).toISOString(),
  };
}
