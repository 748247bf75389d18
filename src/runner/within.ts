/** Waiting for something, but not longer than that: the timer is taken back, so that it keeps no process alive. */
import type { Clock } from '../platform/clock.ts';

/** Resolves when `thing` settles (however), after `ms`, or when `signal` aborts. */
export async function within(
  clock: Clock,
  { thing, ms, signal }: { thing: Promise<unknown>; ms: number; signal?: AbortSignal },
): Promise<void> {
  const done = new AbortController();
  const until = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal]);
  const quietly = thing.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([quietly, clock.sleep(ms, until)]);
  done.abort();
}
