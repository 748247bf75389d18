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
import { tend, type Tending } from '../core/tend.ts';
import { OperationalError } from '../platform/error.ts';
import { detectClockJump } from './clock-watch.ts';
import { epochOf, stillLeads } from './lead.ts';
import type { CoordinatorState } from './state.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

/**
 * How many attempts ended. Looks at all live attempts of the project, whatever plan this coordinator works on: the one
 * that leads is the only one who may end another's attempt.
 */
export async function tendAttempts(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  let ended = 0;
  for (const attempt of await ports.store.attempts({ live: true })) {
    const tending = await tendingOf(ports, settings, { state, attempt });
    if (tending === 'leave') continue;
    if (tending === 'start') {
      await ports.runners.start(attempt);
      state.started.set(attempt.token, ports.clock.monotonicMs());
      continue;
    }
    if (await endAttempt(ports, settings, { state, token: attempt.token })) ended += 1;
  }
  return ended;
}

interface At {
  state: CoordinatorState;
  attempt: Attempt;
}

async function tendingOf(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { state, attempt }: At,
): Promise<Tending> {
  const look = attempt.byHand ? 'unknown' : await ports.runners.look(attempt);
  const now = ports.clock.now();
  const seen = { look, startedHere: state.started.has(attempt.token) };
  const inGrace = now < (state.clock?.graceUntil ?? 0) || isStarting(ports, settings, { state, attempt });
  const { heartbeatIntervalMs } = settings.limits;
  return tend(attempt, seen, {
    now: inGrace ? Math.min(now, attempt.pulse.expiresAt - 1) : now,
    limits: { runnerStartMs: heartbeatIntervalMs },
  });
}

/**
 * Whether its runner was started here a moment ago and has yet to beat. Its lease counts from when the claim was asked for: after a
 * slow answer little of it may be left.
 */
function isStarting({ clock }: CoordinatorPorts, { limits }: CoordinatorSettings, { state, attempt }: At): boolean {
  const startedMs = state.started.get(attempt.token);
  return (
    attempt.pulse.runner === null && startedMs !== undefined && clock.monotonicMs() - startedMs < limits.leaderGraceMs
  );
}

/** Saves the work and ends the attempt; `false` if it had ended itself meanwhile, or is well after all. */
async function endAttempt(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { state, token }: { state: CoordinatorState; token: number },
): Promise<boolean> {
  // This process, or the whole machine, may have slept since the first look: only a fresh one ends a runner.
  await detectClockJump(ports, settings, state);
  if (!(await stillLeads(ports, settings, state))) return false;
  const attempt = await ports.store.attempt(token);
  if (attempt === null || attempt.endedAt !== null) return false;
  const tending = await tendingOf(ports, settings, { state, attempt });
  if (tending === 'leave' || tending === 'start') return false;
  const runnerGone = tending === 'runner-gone';
  const { task, workspace, byHand, agent, pulse } = attempt;
  // Its runner is gone, its agent may not be: nothing may write there when the work is saved.
  if (!byHand) await ports.runners.stop(attempt, 'now');
  const isSaved = !byHand && (await saveWork(ports, attempt));
  const reason = runnerGone ? 'its runner ended without a word' : `no beat since ${new Date(pulse.at).toISOString()}`;
  const asked = runnerGone ? await askedToEnd(ports, settings, token) : null;
  const answer = await ports.store.execute(
    task,
    asked === null
      ? { type: 'expire', token, runnerGone, reason, rule: retryRule(settings, ports.random()) }
      : { type: 'release', token, reason: `ended by a person: ${asked}`, commit: null },
    { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
  );
  if (isRejection(answer)) return false;
  ports.log(`${keyParts(task).task}: attempt ${token} of ${agent} ended: ${reason}`);
  if (isSaved && workspace !== null) await ports.workspaces.remove(task, token, workspace);
  return true;
}

/** Why a person ended this attempt's runner by force just now; `null`: nobody did, and what ended without a word has crashed. */
async function askedToEnd(
  { store }: Pick<CoordinatorPorts, 'store'>,
  { limits }: CoordinatorSettings,
  token: number,
): Promise<string | null> {
  const since = Math.max(0, (await store.lastSeq()) - limits.requestEventsMax);
  for (const { body } of await store.events({ since }))
    if (body.type === 'termination-asked' && body.token === token) return body.why;
  return null;
}

/** `false` when the workspace cannot be read: its attempt ends all the same, and the directory stays for a person to see. */
export async function saveWork(ports: CoordinatorPorts, { task, token, workspace }: Attempt): Promise<boolean> {
  try {
    await ports.workspaces.salvage(task, token, workspace);
    return true;
  } catch (error) {
    if (!(error instanceof OperationalError) || error.retryable) throw error;
    ports.log(`the work of attempt ${token} could not be saved, ${workspace} stays: ${error.message} (${error.hint})`);
    return false;
  }
}

export function retryRule(settings: CoordinatorSettings, jitter: number): RetryRule {
  const { attemptsMax, retryDelayMs, bouncesMax } = settings.limits;
  const agents = settings.known;
  return { attemptsMax, spentMsMax: settings.budgetMs, retryDelayMs, jitter, bouncesMax, agents };
}
