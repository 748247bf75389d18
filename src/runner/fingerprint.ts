/**
 * The fingerprint of a workspace: a text that is the same as long as the agent's work in it is.
 *
 * Owns what counts: the commit, and the content of what is not committed; files that git ignores do not. Nothing of the workspace
 * is obeyed: paths come from the workspace port, files are read without following links, and only so much of each.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspaces } from '../workspace/workspace.ts';

/** More dirty files than this are a generated folder: the first of them stand for all. */
const filesMax = 200;
/** Larger files are known by size and time. */
const fileBytesMax = 1_048_576;

/** `null`: nobody can tell. Never throws. */
export async function fingerprint(workspaces: Workspaces, directory: string, base: string): Promise<string | null> {
  try {
    const work = await workspaces.look(directory, base);
    if (work === null) return null;
    const files: string[] = [];
    for (const path of work.dirty.slice(0, filesMax)) files.push(`${path}\0${await contentOf(join(directory, path))}`);
    return textOf(work.commit, files, work.dirty.length);
  } catch {
    return null;
  }
}

/** Of a workspace in which nothing was done yet. */
export function untouched(base: string): string {
  return textOf(base, [], 0);
}

function textOf(commit: string, files: readonly string[], count: number): string {
  const hash = createHash('sha256').update(commit);
  for (const file of files) hash.update(`\0${file}`);
  return hash.update(`\0${count}`).digest('hex').slice(0, 32);
}

async function contentOf(path: string): Promise<string> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return `-> ${await readlink(path)}`;
    if (!found.isFile() || found.size > fileBytesMax) return `${found.size} ${found.mtimeMs}`;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(Math.min(found.size, fileBytesMax));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('hex');
    } finally {
      await file.close();
    }
  } catch {
    return 'gone';
  }
}
