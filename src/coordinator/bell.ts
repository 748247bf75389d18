/**
 * The bell: wakes the coordinator's loop early. Rings are hints and may be lost or doubled without harm.
 *
 * Owns the wait. It waits on the given clock alone, so that the simulator can run the whole loop.
 */
import type { Clock } from '../platform/clock.ts';

export class Bell {
  readonly #clock: Clock;
  #rung = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    // With a reason of its own: the default one is an error with a stack, made at every ring.
    this.#rung.abort('rung');
  }

  /** Resolves at the next ring, at once if it rang since the last wait, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#rung.signal.aborted) await this.#clock.sleep(timeoutMs, this.#rung.signal);
    this.#rung = new AbortController();
  }
}
