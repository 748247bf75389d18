/** Waits for something that another process does to the store: looks after each ring of the doorbell, and now and then without. */
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';

/** The doorbell is a hint; this look is the promise. */
const lookMs = 250;

/**
 * What `look` answers first that is not `null`; `null` when the time is over.
 * @param patienceMs how long to wait; the first look is made in any case.
 */
export async function awaitChange<T>(
  { store, clock }: { store: Store; clock: Clock },
  patienceMs: number,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const deadline = clock.monotonicMs() + patienceMs;
  let ring = (): void => undefined;
  using _watch = store.watch(() => ring());
  for (;;) {
    const rung = new Promise<void>((resolve) => (ring = resolve));
    const seen = await look();
    if (seen !== null) return seen;
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0) return null;
    const over = new AbortController();
    await Promise.race([rung, clock.sleep(Math.min(leftMs, lookMs), over.signal)]);
    over.abort();
  }
}
