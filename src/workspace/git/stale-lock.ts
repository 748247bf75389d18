/**
 * Ref locks that a killed git left: without this, one kill inside a move would refuse every later move of that ref.
 *
 * Removed only if git itself named the file as the obstacle, it locks a ref of the move or the packed refs, it is older than a run of
 * git on it may last, and no process on this machine has it open. All of it together, for a lock that somebody still holds must stay.
 */
import { lstat, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { isInUse } from './open-files.ts';

/** Removes the lock file that `stderr` names if it is stale; tells whether it did. */
export async function removeStaleLock(gitDir: string, refs: readonly string[], stderr: string): Promise<boolean> {
  const named = /Unable to create '([^']+\.lock)': File exists/.exec(stderr)?.[1];
  if (named === undefined) return false;
  const path = await realpath(named).catch(() => null);
  const ours = [...refs, 'packed-refs'].map((name) => join(gitDir, `${name}.lock`));
  if (path === null || !ours.includes(path)) return false;
  const found = await lstat(path).catch(() => null);
  // Git makes files: what is anything else was put there by somebody, who may want it.
  if (found?.isFile() !== true || Date.now() - found.mtimeMs < staleAgeMs(path)) return false;
  if ((await isInUse(path)) !== false) return false;
  // Renamed first: what is deleted is what was looked at, also if another process takes the lock this moment.
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    // Whoever held it is done.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const moved = await lstat(aside);
  if (moved.ino !== found.ino) {
    await rename(aside, path);
    return false;
  }
  await rm(aside);
  return true;
}

/**
 * Twice the longest run of git that moves refs; less for refs that only one attempt and those who clear up after it touch, in
 * single short moves: an agent or runner that was ended in the middle of one leaves such a lock.
 */
function staleAgeMs(path: string): number {
  return /\/refs\/(heads\/orbit-work|orbit\/attempts|orbit\/salvage)\//.test(path)
    ? limits.attemptLockStaleMs
    : 2 * limits.gitTimeoutMs;
}
