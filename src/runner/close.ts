/**
 * The end of an attempt's life: the agent stopped, its work pinned, its directory removed.
 *
 * Owns that order (I7, P1): nothing is pinned while something may still write, and nothing is removed that is not pinned.
 * Failures here are told in `monitor.log` and leave things where they are; a later clean-up can take them.
 */
import type { Life } from './life.ts';
import { privateDirectories, removePrivateDirectories } from './private-directories.ts';

export interface SavedWork {
  /** Tip of what the agent committed, `null` if nothing. */
  commit: string | null;
  /** The agent is seen gone and everything it left is pinned. */
  isSafe: boolean;
}

/** Stops what still runs and pins commits and dirty files under the attempt's refs. Never throws. */
export async function saveWork(life: Life): Promise<SavedWork> {
  const { ports, attempt, workspace, logs } = life;
  const isStopped = await stopAgent(life);
  if (workspace === null) return { commit: null, isSafe: isStopped };
  try {
    const pinned = await ports.workspaces.salvage(attempt.task, attempt.token, workspace.directory);
    logs.monitor(`saved: ${pinned.map(({ ref, commit }) => `${ref} ${commit}`).join(', ') || 'nothing to save'}`);
    const tip = pinned.find(({ kind }) => kind === 'attempt')?.commit ?? null;
    return { commit: tip === workspace.base ? null : tip, isSafe: isStopped };
  } catch (error) {
    logs.monitor(`the work could not be saved, the workspace stays: ${text(error)}`);
    return { commit: null, isSafe: false };
  }
}

/** Ends the agent's whole process tree; `false` when something of it may still run. Safe to repeat. */
export async function stopAgent({ ports, session, logs }: Life): Promise<boolean> {
  if (session === null) return true;
  try {
    await session.stop(ports.limits.stopGraceMs);
    return true;
  } catch (error) {
    logs.monitor(`the agent could not be stopped: ${text(error)}`);
    return false;
  }
}

/**
 * Ends the beat, removes the workspace when that loses nothing, closes the logs. Never throws.
 * @param keep the home, while its session may be gone on with; the coordinator removes it in the end.
 */
export async function closeAttempt(life: Life, saved: SavedWork, keep = { home: false }): Promise<void> {
  const { ports, attempt, workspace, logs } = life;
  life.beating.stop();
  try {
    if (workspace !== null && saved.isSafe) {
      const isRemoved = await ports.workspaces.remove(attempt.task, attempt.token, workspace.directory);
      logs.monitor(isRemoved ? 'the workspace was removed' : 'the workspace stays');
    }
  } catch (error) {
    logs.monitor(`the workspace stays: ${text(error)}`);
  }
  try {
    const place = { orbitDirectory: ports.paths.orbit, token: attempt.token };
    if (saved.isSafe) removePrivateDirectories(privateDirectories(place, undefined), keep);
  } catch (error) {
    logs.monitor(`the agent's own directories stay: ${text(error)}`);
  }
  await life.leased?.release().catch((error: unknown) => logs.monitor(`ports are not given back: ${text(error)}`));
  logs.close();
  life.leaveSeat();
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
