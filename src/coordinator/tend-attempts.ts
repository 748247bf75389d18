/**
 * Tends live attempts: starts runners that were never started, ends attempts whose runner or lease is gone.
 *
 * Owns the order "end the process, see it gone, save the work, then say so in the store", so that no second agent
 * starts while the first may still write, and no work is lost (I1, I7, I15).
 */
import type { Attempt } from '../core/attempt.ts';
import type { RetryRule } from '../core/command.ts';
import { keyParts } from '../core/id.ts';
import { isRejection } from '../core/rejection.ts';
import { tend } from '../core/tend.ts';
import type { CoordinatorState } from './coordinator.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

/**
 * How many attempts ended. Looks at all live attempts of the project, whatever plan this coordinator works on: the one
 * that leads is the only one who may end another's attempt.
 */
export async function tendAttempts(ports: CoordinatorPorts, settings: CoordinatorSettings, state: CoordinatorState): Promise<number> {
  let ended = 0;
  for (const attempt of await ports.store.attempts({ live: true })) {
    const now = ports.clock.now();
    const look = attempt.byHand ? 'unknown' : await ports.runners.look(attempt);
    const seen = { look, startedHere: state.started.has(attempt.token) };
    const inGrace = now < (state.clock?.graceUntil ?? 0);
    const tending = tend(attempt, seen, { now: inGrace ? Math.min(now, attempt.pulse.expiresAt - 1) : now, limits: { runnerStartMs: settings.limits.heartbeatIntervalMs } });
    if (tending === 'leave') continue;
    if (tending === 'start') {
      await ports.runners.start(attempt);
      state.started.add(attempt.token);
      continue;
    }
    if (tending === 'stop-runner') await ports.runners.stop(attempt, 'now');
    if (await endAttempt(ports, settings, { attempt, runnerGone: tending === 'runner-gone' })) ended += 1;
  }
  return ended;
}

/** Saves the work and ends the attempt; `false` if it had ended itself meanwhile. */
async function endAttempt(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { attempt, runnerGone }: { attempt: Attempt; runnerGone: boolean },
): Promise<boolean> {
  const current = await ports.store.attempt(attempt.token);
  if (current === null || current.endedAt !== null) return false;
  if (!attempt.byHand) {
    // Its runner is gone, its agent may not be: nothing may write there when the work is saved.
    await ports.runners.stop(attempt, 'now');
    await ports.workspaces.salvage(attempt.task, attempt.token, current.workspace);
  }
  const reason = runnerGone ? 'its runner ended without a word' : `no beat since ${new Date(attempt.pulse.at).toISOString()}`;
  const answer = await ports.store.execute(
    attempt.task,
    { type: 'expire', token: attempt.token, runnerGone, reason, rule: retryRule(settings, ports.random()) },
    { actor: 'coordinator', now: ports.clock.now(), durable: true },
  );
  if (isRejection(answer)) return false;
  ports.log(`${keyParts(attempt.task).task}: attempt ${attempt.token} of ${attempt.agent} ended: ${reason}`);
  if (!attempt.byHand && current.workspace !== null) {
    await ports.workspaces.remove(attempt.task, attempt.token, current.workspace);
  }
  return true;
}

export function retryRule(settings: CoordinatorSettings, jitter: number): RetryRule {
  const { attemptsMax, retryDelayMs, bouncesMax } = settings.limits;
  return { attemptsMax, spentMsMax: settings.budgetMs, retryDelayMs, jitter, bouncesMax };
}
