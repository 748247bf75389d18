/**
 * Copies listed files into another folder: shared blocks where the file system can, plain copies elsewhere, links as they are.
 *
 * Never hard links and never links to the source: an edit in place would change every copy. Nothing is written through a link, and nothing
 * that is there already is touched.
 */
import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isSameFile, lookAt, pacer, type ListedFile } from './file-list.ts';

/**
 * Copies `files` from one folder to another. If anything is not as listed, is in the way or cannot be written, what was copied is removed
 * again and an error thrown.
 */
export async function copyFiles(files: readonly ListedFile[], from: string, to: string): Promise<void> {
  const made: { path: string; isDirectory: boolean }[] = [];
  const yielding = pacer();
  // Folders made here are real ones; others are looked at once.
  const seen = new Set<string>();
  try {
    for (const file of files) {
      const above = dirname(file.path);
      if (!isSameFile(file, lookAt(from, file.path))) throw new Error(`${join(from, file.path)} was changed`);
      if (!seen.has(above)) for (const path of madeFolders(to, above)) made.push({ path, isDirectory: true });
      seen.add(above);
      copyOne(file, from, to);
      made.push({ path: file.path, isDirectory: file.kind === 'directory' });
      if (file.kind === 'directory') seen.add(file.path);
      await yielding();
    }
    // Last, for nothing can be written into a folder without the right to.
    for (const { path, mode, kind } of files.toReversed()) if (kind === 'directory') chmodSync(join(to, path), mode);
  } catch (error) {
    for (const { path, isDirectory } of made.toReversed()) remove(join(to, path), isDirectory);
    throw error;
  }
}

function copyOne({ path, kind }: ListedFile, from: string, to: string): void {
  const [source, target] = [join(from, path), join(to, path)];
  if (kind === 'directory') mkdirSync(target, { mode: 0o700 });
  else if (kind === 'link') symlinkSync(readlinkSync(source), target);
  else copyFile(source, target);
}

function copyFile(source: string, target: string): void {
  // Tries to share blocks first: on file systems that cannot, that costs one refused call a file (some 2 µs).
  copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const edited = lookAt(source, '')?.stamp.split(' ')[3];
  // Build tools compare these times.
  if (edited !== undefined) utimesSync(target, Number(edited) / 1e9, Number(edited) / 1e9);
}

/** Makes the folders above a path that are missing; answers which. Throws if one of them is no real folder. */
function madeFolders(root: string, path: string): string[] {
  if (path === '.' || path === '') return [];
  const made = madeFolders(root, dirname(path));
  const found = lookAt(root, path);
  if (found !== null && found.kind !== 'directory') throw new Error(`${join(root, path)} is no folder`);
  if (found !== null) return made;
  mkdirSync(join(root, path));
  return [...made, path];
}

function remove(path: string, isDirectory: boolean): void {
  try {
    if (isDirectory) rmdirSync(path);
    else unlinkSync(path);
  } catch {
    // Somebody else's file is in it, or it is gone: neither is ours to remove.
  }
}
