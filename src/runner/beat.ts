/**
 * The beat: keeps an attempt's claim alive and notices when it is lost.
 *
 * Owns the promise that the agent is told to stop before the claim can be given to another: without a confirmed beat for
 * `selfStopShare` of the lease, counted on the monotonic clock from before the beat was sent, the attempt ends. The count
 * runs beside the beat, so that a store that hangs cannot hold it up.
 */
import type { Pulse } from '../core/attempt.ts';
import type { Limits } from '../core/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { Ending } from './runner.ts';
import { within } from './within.ts';

export interface BeatOrder {
  store: Pick<Store, 'beat'>;
  clock: Clock;
  token: number;
  limits: Pick<Limits, 'heartbeatIntervalMs' | 'heartbeatTimeoutMs' | 'selfStopShare' | 'pulseIntervalMs'>;
  /** How the attempt looks now. */
  look(): Omit<Pulse, 'at' | 'expiresAt'>;
  /** Called once, when the agent has to stop. */
  onLost(ending: Ending): void;
  log(line: string): void;
}

export interface Beating {
  /** Resolves when the first beat was confirmed, or the claim is lost. */
  first: Promise<void>;
  /** Beats once more out of turn, so that the store knows what just changed; waits no longer than one interval. */
  now(): Promise<void>;
  /** How it looks has changed: whoever watches sees it after `pulseIntervalMs` at the latest. Cheap to call often. */
  soon(): void;
  /** Waits for nothing: a beat that hangs in the store must not hold up the end. */
  stop(): void;
}

/** Beats at once and then every `heartbeatIntervalMs`; a beat that failed is tried again sooner. */
export function startBeating(order: BeatOrder): Beating {
  const { clock, limits } = order;
  const stopped = new AbortController();
  const first = Promise.withResolvers<void>();
  let confirmedAt = clock.monotonicMs();
  const lost = new AbortController();

  const lose = (ending: Ending): void => {
    first.resolve();
    if (lost.signal.aborted || stopped.signal.aborted) return;
    lost.abort();
    order.onLost(ending);
  };
  const beat = async (): Promise<'confirmed' | 'refused' | 'unknown'> => {
    const sentAt = clock.monotonicMs();
    const answer = await beatOnce(order);
    if (answer === 'refused') {
      lose({ as: 'lost', reason: 'the claim was lost: its lease ended or a person took it back' });
    }
    if (answer === 'confirmed') {
      confirmedAt = Math.max(confirmedAt, sentAt);
      first.resolve();
    }
    return answer;
  };
  const beats = async (): Promise<void> => {
    while (!stopped.signal.aborted && !lost.signal.aborted) {
      const answer = await beat();
      if (answer === 'refused') return;
      const waitMs = answer === 'confirmed' ? limits.heartbeatIntervalMs : limits.heartbeatIntervalMs / 5;
      await clock.sleep(waitMs, stopped.signal);
    }
  };
  const patienceMs = limits.heartbeatTimeoutMs * limits.selfStopShare;
  const watchdog = async (): Promise<void> => {
    while (!stopped.signal.aborted && !lost.signal.aborted) {
      const silentMs = clock.monotonicMs() - confirmedAt;
      if (silentMs >= patienceMs) {
        const reason = `the store took no beat for ${Math.round(silentMs / 1_000)} s, so the agent was stopped before its lease ended`;
        return lose({ as: 'failed', outcome: 'lost', reason });
      }
      await clock.sleep(patienceMs - silentMs, stopped.signal);
    }
  };
  let isComing = false;
  const beatLater = async (): Promise<void> => {
    await clock.sleep(limits.pulseIntervalMs, stopped.signal);
    isComing = false;
    if (!stopped.signal.aborted && !lost.signal.aborted) await beat();
  };
  void beats();
  void watchdog();
  return {
    first: first.promise,
    now: async () => within(clock, { thing: beat(), ms: limits.heartbeatIntervalMs, signal: stopped.signal }),
    soon() {
      if (isComing) return;
      isComing = true;
      void beatLater();
    },
    stop: () => stopped.abort(),
  };
}

/** One try. Whatever the store throws leaves open whether the beat counted: `unknown`. */
async function beatOnce(order: BeatOrder): Promise<'confirmed' | 'refused' | 'unknown'> {
  const at = order.clock.now();
  try {
    const pulse = { ...order.look(), at, expiresAt: at + order.limits.heartbeatTimeoutMs };
    return (await order.store.beat(order.token, pulse)) ? 'confirmed' : 'refused';
  } catch (error) {
    order.log(`a beat failed: ${error instanceof Error ? error.message : String(error)}`);
    return 'unknown';
  }
}
