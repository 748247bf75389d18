/** Waiting for disk space: a full disk is nobody's failure, and passes when something is removed. */
import { OperationalError } from '../platform/error.ts';
import type { Life } from './life.ts';
import type { Ending } from './runner.ts';

/** Does it again while the disk is full, up to `limits.diskPatienceMs`; then the task is given back without blame. */
export async function whenThereIsSpace<T>(life: Life, write: () => Promise<T>): Promise<T | Ending> {
  const { ports, logs, vitals, stop } = life;
  const { clock, limits } = ports;
  const untilMs = clock.monotonicMs() + limits.diskPatienceMs;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof OperationalError) || error.code !== 'disk-full') throw error;
      logs.monitor(`${error.message}; trying again in ${limits.diskRetryMs / 1_000} s (${error.hint})`);
      vitals.doing = 'waiting for disk space';
      if (clock.monotonicMs() >= untilMs) return { as: 'released', reason: `the disk is full: ${error.message}` };
    }
    await clock.sleep(limits.diskRetryMs, stop).catch(() => undefined);
    if (stop.aborted) return stop.reason as Ending;
  }
}
