/** How much disk a directory takes: allocated blocks, as `du` counts them, following no links. */
import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes per block of `Stats.blocks`, whatever the file system's own block size (stat(2)). */
const blockBytes = 512;

/** Bytes that a user without special rights can still write on the file system of a directory; infinity where it cannot be told. */
export async function diskFreeBytes(directory: string): Promise<number> {
  const found = await statfs(directory).catch(() => null);
  return found === null ? Number.POSITIVE_INFINITY : found.bavail * found.bsize;
}

/** What cannot be read, or goes while it is looked at, counts nothing. */
export async function diskUseBytes(directory: string): Promise<number> {
  const open = [directory];
  let bytes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) open.push(join(next, entry.name));
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(next, entry.name));
    const found = await Promise.all(files.map(async (file) => lstat(file).catch(() => null)));
    for (const stats of found) bytes += (stats?.blocks ?? 0) * blockBytes;
  }
  return bytes;
}
