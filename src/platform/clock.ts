/**
 * The clock: the only way by which a shell part learns the time or waits, so that a test can bring its own.
 *
 * Owns nothing but the choice of sources: wall time for what is stored, monotonic time for what is measured.
 */
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds from any fixed point; never jumps. */
  monotonicMs(): number;
  /** Waits; an aborted `signal` ends the wait early and quietly. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** `setTimeout` counts in 32 bits and fires at once beyond. */
const sleepMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(Math.min(Math.max(0, ms), sleepMsMax), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
};
