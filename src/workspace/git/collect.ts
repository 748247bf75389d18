/**
 * Freeing disk space: what nobody uses just now and can be made again, least recently used first (P11).
 *
 * That is idle slots of the pool, idle check slots, and templates of set-ups. Invariant: a workspace is none of it, whatever its age: it
 * goes when its attempt has ended and all in it is kept, and never for want of space.
 */
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskUseBytes } from '../../platform/disk-use.ts';
import { tryLockFile } from '../../platform/file-lock.ts';
import { parkedAt, slotFolder } from './check-slot.ts';
import { listOf } from './kept-set-up.ts';
import { namesInOwnFolder } from './own-folder.ts';
import { poolLock, poolOf } from './pool.ts';
import { unregisterAll } from './registration.ts';
import { removeTree } from './remove-tree.ts';
import { templateFolder } from './template.ts';
import { lockPath, withLock, type WorkspaceFolder } from './workspace-folder.ts';

interface Idle {
  path: string;
  /** When it was used last, in milliseconds since 1970. */
  usedAt: number;
  /** False if somebody uses it after all. */
  remove(): Promise<boolean>;
}

/** Bytes that all Orbit makes on disk for workspaces take: those at work and those kept for later. Reads every file's size. */
export async function workspaceBytes(folder: WorkspaceFolder): Promise<number> {
  const places = [folder.root, poolOf(folder), templateFolder(folder)];
  const sizes = await Promise.all(places.map(async (place) => diskUseBytes(place)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** See `Workspaces.collect`. */
export async function collectIdle(folder: WorkspaceFolder, bytesWanted: number): Promise<number> {
  const idle = [...(await idleInPool(folder)), ...(await idleTemplates(folder)), ...(await idleCheckSlots(folder))];
  let freed = 0;
  for (const one of idle.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (freed >= bytesWanted) break;
    const bytes = await diskUseBytes(one.path);
    if (!(await one.remove())) continue;
    freed += bytes;
    folder.note(`${one.path} was removed to free ${Math.ceil(bytes / 1e6)} MB`);
  }
  return freed;
}

async function idleInPool(folder: WorkspaceFolder): Promise<Idle[]> {
  return idleIn(poolOf(folder), async (path) =>
    withLock(folder, [poolLock], async () => {
      // It may have been given out meanwhile, and another have come under its name: that is as idle.
      await removeTree(path);
      return true;
    }),
  );
}

async function idleTemplates(folder: WorkspaceFolder): Promise<Idle[]> {
  const found = await idleIn(templateFolder(folder), async (path) => {
    // Whoever copies it this moment finds a file missing, undoes its copy and runs the set-up.
    await removeTree(path);
    return true;
  });
  return Promise.all(found.map(async (idle) => ({ ...idle, usedAt: await changedAt(join(idle.path, 'list.json')) })));
}

async function idleCheckSlots(folder: WorkspaceFolder): Promise<Idle[]> {
  const found = await idleIn(slotFolder(folder), async () => false);
  return found.map(({ path, usedAt }) => ({
    path,
    usedAt,
    remove: async () => {
      const name = path.slice(slotFolder(folder).length + 1);
      const lock = await tryLockFile(lockPath(folder, name));
      if (lock === null) return false;
      try {
        await unregisterAll(folder, path);
        await removeTree(parkedAt(folder, { name }));
        await rm(listOf(folder, name), { force: true });
        await removeTree(path);
        return true;
      } finally {
        await lock.release();
      }
    },
  }));
}

async function idleIn(place: string, remove: (path: string) => Promise<boolean>): Promise<Idle[]> {
  const paths = (await namesInOwnFolder(place)).map((name) => join(place, name));
  return Promise.all(
    paths.map(async (path) => ({ path, usedAt: await changedAt(path), remove: async () => remove(path) })),
  );
}

async function changedAt(path: string): Promise<number> {
  return (await lstat(path).catch(() => null))?.ctimeMs ?? 0;
}
