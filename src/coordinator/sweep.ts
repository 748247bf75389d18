/**
 * Leftovers: processes and directories of attempts that have ended (I15).
 *
 * Owns their end. A runner clears up after itself; this is for those that died, hang or were never told. The directory is
 * what is looked for: it is made before the agent starts and goes last, so whoever finds it finds all that is left.
 */
import type { Attempt } from '../core/attempt.ts';
import { goesOnFrom, leavesSession } from '../core/carry-over.ts';
import { hasEnded } from '../core/status.ts';
import { OperationalError } from '../platform/error.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState, Leftover } from './state.ts';

/** Ends and removes what ended attempts left; what its own runner may still be clearing up is given some time. */
export async function sweepLeftovers(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<void> {
  const { leftoverGraceMs, leftoverPatienceMs, leftoverRetryMs } = settings.limits;
  const found = new Map<number, Leftover>();
  for (const { directory, token } of await ports.workspaces.list()) {
    const attempt = await ports.store.attempt(token);
    if (attempt === null || attempt.endedAt === null || attempt.byHand) continue;
    const nowMs = ports.clock.monotonicMs();
    const leftover = state.leftovers.get(token) ?? { sinceMs: nowMs, failedMs: null };
    found.set(token, leftover);
    if (leftover.failedMs !== null && nowMs - leftover.failedMs < leftoverRetryMs) continue;
    if (nowMs - leftover.sinceMs < leftoverGraceMs && (await ports.runners.look(attempt)) !== 'gone') continue;
    const cleared = await clearUp(ports, attempt, directory);
    if (cleared === 'gone') found.delete(token);
    else if (cleared === 'stays' || nowMs - leftover.sinceMs >= leftoverPatienceMs)
      leftover.failedMs = ports.clock.monotonicMs();
  }
  state.leftovers = found;
  await ports.runners.sweep?.(async (token) => {
    const attempt = await ports.store.attempt(token);
    if (attempt === null || attempt.endedAt === null || found.has(token)) return false;
    if (await mayBeResumed(ports, attempt)) return false;
    // A runner that still clears up does so itself.
    return (await ports.runners.look(attempt)) === 'gone' || ports.clock.now() - attempt.endedAt >= leftoverGraceMs;
  });
}

/** Its session's files are kept until the task ends or its next attempt has started an agent, which may have taken them over. */
async function mayBeResumed({ store }: CoordinatorPorts, attempt: Attempt): Promise<boolean> {
  if (!leavesSession(attempt)) return false;
  const record = await store.task(attempt.task);
  if (record === null || hasEnded(record.task) || record.task.evidence !== null) return false;
  const attempts = await store.attempts({ task: attempt.task });
  const next = attempts.find(({ endedAt }) => endedAt === null) ?? null;
  if (next !== null && next.pulse.agent !== null) return false;
  return goesOnFrom(attempts, next?.token ?? Number.POSITIVE_INFINITY)?.token === attempt.token;
}

/** Whether something is left that may be gone soon. */
export function hasLeftovers(state: CoordinatorState): boolean {
  return [...state.leftovers.values()].some(({ failedMs }) => failedMs === null);
}

/** `again`: something is in the way that may pass by itself. */
async function clearUp(
  ports: CoordinatorPorts,
  attempt: Attempt,
  directory: string,
): Promise<'gone' | 'again' | 'stays'> {
  const { task, token } = attempt;
  try {
    await ports.runners.stop(attempt, 'now');
    await ports.workspaces.salvage(task, token, directory);
    if (await ports.workspaces.remove(task, token, directory)) return 'gone';
    ports.log(`${directory} of attempt ${token}, which ended, stays: not all in it is kept yet`);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    ports.log(`${directory} of attempt ${token}, which ended, stays: ${error.message} (${error.hint})`);
    if (error.retryable) return 'again';
  }
  return 'stays';
}
