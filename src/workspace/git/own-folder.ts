/**
 * Folders that Orbit makes for itself and empties again: what lies in them is deleted without a further look.
 *
 * Invariant: such a folder is a real one. An agent may have put a link in its place, and behind it lie the files of somebody else.
 */
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';

/** Makes the folder with those above it; a link in its place is removed, and what it leads to left alone. */
export async function makeOwnFolder(path: string): Promise<void> {
  if (!(await isDirectory(path))) await rm(path, { force: true });
  await mkdir(path, { recursive: true });
}

/** What is in the folder; nothing where it is not there, or no folder of its own. */
export async function namesInOwnFolder(path: string): Promise<string[]> {
  return (await isDirectory(path)) ? readdir(path) : [];
}

async function isDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() === true;
}
