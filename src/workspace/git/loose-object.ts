/**
 * Writing small objects without a process of git: landing writes some per change, and each would cost as much as its merge.
 *
 * An object is the one that git would write, byte for byte, to the same place and by the same steps: a draft of a name that git's garbage
 * collection knows, then one rename. Like git's, it does not wait for the disk: the refs that lead to it do.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { operational } from '../../platform/system-error.ts';

export interface LooseObject {
  id: string;
  /** Its content before it is packed. */
  object: Buffer;
}

/** @param like any id of the repository: its length tells the hash. */
export function looseObject(type: 'commit' | 'tree', body: Buffer, like: string): LooseObject {
  const object = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
  const id = createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(object)
    .digest('hex');
  return { id, object };
}

/** Whether a group shares the repository: git knows the modes that its files need then, and Orbit does not. */
export function isShared(commonDirectory: string): boolean {
  return (statSync(join(commonDirectory, 'objects')).mode & 0o020) !== 0;
}

/**
 * Writes an object that is not there yet. Synchronously: a tenth of a millisecond, and many times that through the thread pool of a busy
 * machine. Throws OperationalError `disk-full`, `git-failed` and the like where the file system refuses.
 */
export function writeLoose(objects: string, { id, object }: LooseObject): void {
  const folder = join(objects, id.slice(0, 2));
  const path = join(folder, id.slice(2));
  if (isFresh(path)) return;
  drafts += 1;
  // The prefix by which git's garbage collection knows what a killed writer left.
  const draft = join(folder, `tmp_obj_orbit-${process.pid}-${drafts}`);
  const packed = deflateSync(object, { level: 1 });
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, packed, { mode: 0o444 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw operational(error) ?? error;
  }
}

let drafts = 0;

/** One that is there gets a new date, as git gives it: an old one that nothing leads to might be collected just now. */
function isFresh(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    // Whoever else owns it keeps its date.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
