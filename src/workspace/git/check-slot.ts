/**
 * Check slots: detached checkouts for running checks, used again and again (a checkout over the last one costs a tenth of a new one).
 *
 * Invariant: a slot has one user at a time, and shows exactly the commit asked for: no file of the last user stays, also no
 * ignored one (stale build output can turn a red tree green), and none behind an index mark. What checks leave or commit there is no work.
 */
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { OperationalError } from '../../platform/error.ts';
import { tryLockFile, type FileLock } from '../../platform/file-lock.ts';
import { linkedCheckouts } from './checkout.ts';
import { isObjectId } from './objects.ts';
import { checkoutOptions } from './prepare.ts';
import { adminOf, faultOfWorktree, register, unregister } from './registration.ts';
import { removeTree } from './remove-tree.ts';
import { runGit } from './run-git.ts';
import { checkoutLocks, ensureRoot, lockPath, withLock, type WorkspaceFolder } from './workspace-folder.ts';

/** See `Workspaces.checkout`. Three processes in a slot used before. Throws OperationalError `git-…`. */
export async function checkOutSlot(
  folder: WorkspaceFolder,
  commit: string,
): Promise<{ directory: string; release(): Promise<void> }> {
  if (!isObjectId(commit)) {
    throw new OperationalError('workspace-failed', `${JSON.stringify(commit)} is no commit id`, {
      hint: 'Give all its digits.',
    });
  }
  await ensureRoot(folder);
  const { lock, directory } = await freeSlot(folder);
  try {
    const admin = await intactAdmin(folder, directory, commit);
    const gitDir = join(folder.commonDirectory, 'worktrees', admin);
    await withLock(folder, checkoutLocks(folder), async () => bringTo(gitDir, directory, commit));
    return { directory, release: async () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** More are never in use: each runs checks, of which a machine runs a few at once. */
const slotsMax = 256;

async function freeSlot(folder: WorkspaceFolder): Promise<{ lock: FileLock; directory: string }> {
  for (let number = 1; number <= slotsMax; number += 1) {
    const lock = await tryLockFile(lockPath(folder, `check-${number}`));
    // The folder's name starts with a dot, which no workspace's does.
    if (lock !== null) return { lock, directory: join(folder.root, '.checks', `check-${number}`) };
  }
  throw new OperationalError('workspace-failed', `all ${slotsMax} check slots in ${folder.root} are in use`, {
    hint: 'Wait for running checks to end.',
    retryable: true,
  });
}

/** The slot's admin folder, registered anew where what is there is not as Orbit made it. */
async function intactAdmin(folder: WorkspaceFolder, directory: string, commit: string): Promise<string> {
  const isThere = (await lstat(directory).catch(() => null))?.isDirectory() === true;
  const admin = isThere ? await adminOf(folder, directory) : null;
  if (admin !== null && (await faultOfWorktree(folder, admin, directory)) === null) return admin;
  for (const checkout of await linkedCheckouts(folder.commonDirectory)) {
    if (checkout.directory === directory) await unregister(folder, checkout.name, directory);
  }
  await removeTree(directory);
  return register(folder, { directory, commit, reason: 'orbit: slot for checks' });
}

async function bringTo(gitDir: string, directory: string, commit: string): Promise<void> {
  // The slot is ours alone: a lock in it is what a killed git left.
  await rm(join(gitDir, 'index.lock'), { force: true });
  const options = checkoutOptions(gitDir, directory);
  if (await hidesFiles(options)) await rm(join(gitDir, 'index'));
  await runGit(['checkout', '--quiet', '--force', '--detach', commit], options);
  await runGit(['clean', '-ffdxq'], { ...options, timeoutMs: limits.gitCheckoutTimeoutMs });
}

/** Marks "assume unchanged" and "skip worktree" make a checkout pass over edited files; a check may have set them. */
async function hidesFiles(options: { gitDir: string; workTree: string; cwd: string }): Promise<boolean> {
  const listed = await runGit(['ls-files', '-v', '-z'], { ...options, accept: [0, 128] });
  return listed.exitCode !== 0 || /(?:^|\0)[a-zS] /.test(listed.stdout.toString('latin1'));
}
