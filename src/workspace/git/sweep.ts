/** Files of Orbit's own that killed processes left: scratch directories, locks and drafts of them, lists of set-ups. */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { removeIfAbandoned } from '../../platform/file-lock.ts';
import { isOrphan, scratchFolder } from './scratch.ts';
import { lockFolder } from './workspace-folder.ts';
import { readRecord } from './workspace-record.ts';

/** Removes what belonged to a process that is gone, and what is older than any run of git can last; all else may be in use. */
export async function sweepLeftovers(commonDirectory: string): Promise<void> {
  for (const path of await pathsIn(scratchFolder(commonDirectory))) {
    if (isOrphan(path) || (await isOld(path))) await rm(path, { recursive: true, force: true });
  }
  for (const path of await pathsIn(lockFolder(commonDirectory))) {
    await removeIfAbandoned(path);
    // A draft that names nobody was torn while it was written.
    if (path.endsWith('.draft') && (await isOld(path))) await rm(path, { force: true });
  }
  for (const path of await pathsIn(join(commonDirectory, 'orbit', 'set-ups'))) {
    const name = basename(path);
    // A workspace's record is written before its list and removed after it; a check slot has none and keeps its list.
    if (name.startsWith('check-')) continue;
    if ((await readRecord(commonDirectory, name)) === null) await rm(path, { force: true });
  }
}

/**
 * What killed holders of a checkout's `index.lock` left beside it. Called with that lock in hand: then the copies of the index are
 * nobody's.
 */
export async function sweepBesideIndex(gitDir: string): Promise<void> {
  for (const path of await pathsIn(gitDir)) {
    const name = basename(path);
    if (name.startsWith('index.orbit-')) await rm(path, { force: true });
    if (name.startsWith('index.lock.')) await removeIfAbandoned(path);
  }
}

const ageMsMax = 6 * limits.gitCheckoutTimeoutMs;

async function pathsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}

async function isOld(path: string): Promise<boolean> {
  const made = await stat(path).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > ageMsMax;
}
