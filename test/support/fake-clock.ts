/** A clock that stands still until a test moves it: waits end in order, and what they wake runs before the next one ends. */
import type { Clock } from '../../src/platform/clock.ts';

export interface FakeClock extends Clock {
  /** Moves both clocks on and ends the waits that fall into the time. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock alone, as a corrected clock or a sleep does. */
  jump(ms: number): void;
}

interface Wait {
  at: number;
  end: () => void;
}

export function fakeClock(startedAt: number = Date.UTC(2026, 0, 2)): FakeClock {
  let passed = 0;
  let jumped = 0;
  let waits: Wait[] = [];
  return {
    now: () => startedAt + passed + jumped,
    monotonicMs: () => passed,
    async sleep(ms, signal) {
      if (signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const wait = { at: passed + ms, end: resolve };
        waits.push(wait);
        signal?.addEventListener('abort', () => {
          waits = waits.filter((other) => other !== wait);
          resolve();
        });
      });
    },
    async advance(ms) {
      const until = passed + ms;
      await settle();
      for (;;) {
        const next = waits.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        waits = waits.filter((other) => other !== next);
        passed = Math.max(passed, next.at);
        next.end();
        await settle();
      }
      passed = until;
    },
    jump(ms) {
      jumped += ms;
    },
  };
}

/** Lets everything run that waits for no time. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
