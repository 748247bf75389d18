/**
 * The coordinator: the loop that decides. Code, never a model.
 *
 * Owns the order of one tick. Invariant: level, not edge: every tick compares what should be with what is, so that a
 * crash between any two lines is repaired by the next tick, here or in another process. It must not hold a decision
 * (those are core's) nor touch git or processes itself (those are effects, a file each).
 */
import { answerSpawns } from './answer-spawns.ts';
import { detectClockJump } from './clock-watch.ts';
import { diskFault } from './disk-ceiling.ts';
import { escalateStranded } from './escalate.ts';
import { giveOut, giveOutAsked } from './give-out.ts';
import { grantWishes } from './grant-wishes.ts';
import { lead } from './lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { restackMoved } from './restack.ts';
import { rankPlans } from './rank-plans.ts';
import { isOurs, type CoordinatorState } from './state.ts';
import { hasLeftovers, sweepLeftovers } from './sweep.ts';
import { takeWhole } from './take-whole.ts';
import { tendAttempts } from './tend-attempts.ts';

export interface Tick {
  leading: boolean;
  /** Attempts with a runner that live after this tick. */
  live: number;
  /** Attempts started by this tick. */
  started: number;
  /** Something that ended attempts left will be cleared up soon. */
  leftovers: boolean;
  /** Why nothing new is started just now, or `null`. */
  stopped: string | null;
  /** Something changed in the store by this tick. */
  changed: boolean;
}

/** One round. Throws `OperationalError` when the store or git cannot be used; the next tick tries again. */
export async function tick(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<Tick> {
  const leadership = await lead(ports, settings, state);
  if (leadership === null) {
    // What happens to the clock while another leads is the other's to see.
    state.clock = null;
    return { leading: false, live: 0, started: 0, leftovers: false, stopped: null, changed: false };
  }
  await detectClockJump(ports, settings, state);
  const ended = await tendAttempts(ports, settings, state);
  const whole = await takeWhole(ports, settings, state);
  const escalated = await escalateStranded(ports, settings, state);
  const restacked = await restackMoved(ports, settings, state);
  const granted = await grantWishes(ports, settings, state);
  await sweepLeftovers(ports, settings, state);
  if (!state.draining) await rankPlans(ports, settings, state);
  const stopped = await diskFault(ports, settings, state);
  const answered = await answerSpawns(ports, settings, { state, stopped });
  const give = settings.onRequest === true ? giveOutAsked : giveOut;
  const started = answered + (state.draining || stopped !== null ? 0 : await give(ports, settings, state));
  const live = (await ports.store.attempts({ live: true })).filter((attempt) => isOurs(attempt, settings)).length;
  return {
    leading: true,
    live,
    started,
    leftovers: hasLeftovers(state),
    stopped: stopped ?? state.crowded,
    changed: ended + whole + escalated + restacked + granted + started > 0,
  };
}
