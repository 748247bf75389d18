/**
 * Check slots: detached checkouts for running checks, used again and again (a checkout over the last one costs a tenth of a new one).
 *
 * Invariant: a slot has one user at a time, and shows exactly the commit asked for: no file of the last user stays, also no
 * ignored one (stale build output can turn a red tree green), and none behind an index mark; but the caches that the settings name, and
 * what the same set-up would make again, proven untouched. What checks leave or commit there is no work.
 */
import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import { tryLockFile, type FileLock } from '../../platform/file-lock.ts';
import type { CheckSlot } from '../workspace.ts';
import { bringFiles } from './bring.ts';
import { beginSetUp, keyAt, setUpState, whatStays } from './kept-set-up.ts';
import { namingFullDisk } from './git-error.ts';
import { inspect } from './inspect.ts';
import { isObjectId } from './objects.ts';
import { park, unpark } from './parking.ts';
import { adminOf, faultOfWorktree, register, unregisterAll } from './registration.ts';
import { removeTree } from './remove-tree.ts';
import { checkoutLocks, ensureRoot, lockPath, withLock, type WorkspaceFolder } from './workspace-folder.ts';
import { writeCheckout } from './write-checkout.ts';

/** See `Workspaces.checkout`. Three processes in a slot used before. Throws OperationalError `git-…`. */
export async function checkOutSlot(
  folder: WorkspaceFolder,
  commit: string,
  bring: readonly string[],
): Promise<CheckSlot> {
  if (!isObjectId(commit)) {
    const hint = 'Give all its digits.';
    throw new OperationalError('workspace-failed', `${JSON.stringify(commit)} is no commit id`, { hint });
  }
  await ensureRoot(folder);
  const slot = await freeSlot(folder);
  try {
    return await namingFullDisk(async () => fillSlot(folder, slot, { commit, bring }));
  } catch (error) {
    await slot.lock.release();
    throw error;
  }
}

async function fillSlot(
  folder: WorkspaceFolder,
  slot: Slot,
  { commit, bring }: { commit: string; bring: readonly string[] },
): Promise<CheckSlot> {
  const admin = await intactAdmin(folder, slot, commit);
  const gitDir = join(folder.commonDirectory, 'worktrees', admin);
  const place = { name: slot.name, directory: slot.directory, gitDir, moves: false };
  const key = await keyAt(folder, { tree: commit, bring });
  const stay = await whatStays(folder, slot.name, key);
  const order = { gitDir, directory: slot.directory, at: { commit }, isUsed: true, stay };
  await withLock(folder, checkoutLocks(folder), async () => writeCheckout(order));
  const isDone = await beginSetUp(folder, place, key);
  const brought = await bringFiles(folder, slot.directory, bring);
  folder.setUps.delete(slot.directory);
  const found = { isDone, commit, brought, isPlain: true };
  if (key !== null) folder.setUps.set(slot.directory, setUpState(folder, place, { ...found, key }));
  return {
    directory: slot.directory,
    changed: async () =>
      changedFiles(folder, { directory: slot.directory, head: commit, index: join(gitDir, 'index') }),
    release: async () => rest(folder, slot, admin),
  };
}

async function changedFiles(
  folder: WorkspaceFolder,
  slot: { directory: string; head: string; index: string },
): Promise<string[]> {
  await using inspection = await inspect(folder.commonDirectory, { ...slot, exclude: [] });
  return (await inspection.status('tracked')).entries.map(({ path }) => path);
}

interface Slot {
  name: string;
  directory: string;
  lock: FileLock;
}

/** Takes the slot off git's list until it is used again, so that `git worktree list` shows what is at work and nothing else. */
async function rest(folder: WorkspaceFolder, slot: Slot, admin: string): Promise<void> {
  try {
    await park(folder, admin, parkedAt(folder, slot));
  } catch (error) {
    folder.note(`${slot.directory} will be made anew: ${String(error)}`);
  } finally {
    await slot.lock.release();
  }
}

export function parkedAt(folder: WorkspaceFolder, slot: Pick<Slot, 'name'>): string {
  return join(folder.commonDirectory, 'orbit', 'slots', slot.name);
}

/** More are never in use: each runs checks, of which a machine runs a few at once. */
const slotsMax = 256;

async function freeSlot(folder: WorkspaceFolder): Promise<Slot> {
  for (let number = 1; number <= slotsMax; number += 1) {
    const name = `check-${number}`;
    const lock = await tryLockFile(lockPath(folder, name));
    if (lock !== null) return { name, lock, directory: join(slotFolder(folder), name) };
  }
  throw new OperationalError('workspace-failed', `all ${slotsMax} check slots in ${folder.root} are in use`, {
    hint: 'Wait for running checks to end.',
    retryable: true,
  });
}

/** Holds the directories of all slots. Its name starts with a dot, which no workspace's does. */
export function slotFolder({ root }: Pick<WorkspaceFolder, 'root'>): string {
  return join(root, '.checks');
}

/** Name of the slot's admin folder: put back on git's list, still there after a kill, or made anew. */
async function intactAdmin(folder: WorkspaceFolder, slot: Slot, commit: string): Promise<string> {
  const { name, directory } = slot;
  const isThere = (await lstat(directory).catch(() => null))?.isDirectory() === true;
  const admin = isThere ? await adminOf(folder, directory) : null;
  if (admin !== null && (await faultOfWorktree(folder, admin, directory)) === null) return admin;
  await unregisterAll(folder, directory);
  const reason = 'orbit: slot for checks';
  const parked = parkedAt(folder, slot);
  const isFree = !existsSync(join(folder.commonDirectory, 'worktrees', name));
  if (isThere && isFree && existsSync(join(parked, 'HEAD'))) {
    await unpark(folder, parked, { admin: name, directory, commit, reason });
    return name;
  }
  await removeTree(directory);
  return register(folder, { directory, commit, reason });
}
