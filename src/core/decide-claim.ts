/** Decides who may take a task: the one place where a claim begins (I1, I14). */
import { mayTake } from './agent-name.ts';
import type { Surroundings } from './command.ts';
import type { CommandOf, Decision } from './decision.ts';
import { courseOf, isAvoided } from './ladder.ts';
import { reject, type Rejection } from './rejection.ts';
import { hasEnded } from './status.ts';
import type { Task } from './task.ts';

export function decideClaim(task: Task, command: CommandOf<'claim'>, around: Surroundings): Decision {
  const refusal = claimRefusal(task, command, around);
  if (refusal !== null) return refusal;
  const { agent, byHand, base, workspace, branch, profile = null } = command;
  const expiresAt = around.now + command.leaseMs;
  const token = around.nextToken;
  const course = courseOf(task, agent, profile);
  return {
    events: [{ type: 'task-claimed', agent, token, byHand, expiresAt, base, workspace, branch, course }],
  };
}

/** Why `agent` may not take the task now, or `null`. Scopes are the store's part: they concern other tasks. */
function claimRefusal(
  task: Task,
  { agent, byHand, alone }: CommandOf<'claim'>,
  around: Surroundings,
): Rejection | null {
  const { key, claim } = task;
  if (hasEnded(task)) return reject('task-ended', `${key} has ended`, `orbit show ${key}`);
  if (task.evidence !== null) return reject('already-done', `${key} is done and waits to land`, `orbit show ${key}`);
  if (claim !== null) {
    const whose = claim.agent === agent ? `you (${agent}) hold it already` : `${claim.agent} holds it`;
    return reject('task-claimed', `${key}: ${whose}, attempt ${claim.token}`, `orbit why ${key}`);
  }
  if (task.inbox !== null) {
    return reject('task-held', `${key} waits for a person: ${task.inbox.reason}`, `orbit why ${key}`);
  }
  if (task.hold !== null) return reject('task-held', `${key} is held: ${task.hold.why}`, `orbit resume ${key}`);
  if (around.planPaused)
    return reject('plan-paused', `${key} waits: plan ${task.plan} is paused`, `orbit resume ${task.plan}`);
  if (around.unmet > 0) {
    return reject(
      'task-not-ready',
      `${key} waits for ${around.unmet} unfinished ${around.unmet === 1 ? 'task' : 'tasks'}`,
      `orbit why ${key}`,
    );
  }
  if (task.retryAt !== null && task.retryAt > around.now) {
    return reject('task-not-ready', `${key} waits before its next attempt`, `orbit retry ${key} starts it now`);
  }
  if (!byHand && alone !== true && isAvoided(task, agent, around.now)) {
    return reject(
      'agent-not-wanted',
      `${key} is kept for another agent than ${task.avoid?.agent}, which failed twice`,
      `orbit why ${key}`,
    );
  }
  if (!mayTake(agent, task.agent)) {
    return reject('agent-not-wanted', `${key} wants @${task.agent}, not ${agent}`, `orbit edit ${key} --agent any`);
  }
  return null;
}
