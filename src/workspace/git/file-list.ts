/**
 * Exact lists of files: what lay below a folder at one moment, so that a later look tells whether anything of it was touched.
 *
 * Invariant: a file that was changed since, by whomever but the system's administrator, differs from its line. Every write moves the
 * time of its last change (ctime), which no program can set back; a file put in another's place has another number.
 */
import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

export interface ListedFile {
  /** Relative to the folder; a directory stands before what is in it. */
  path: string;
  kind: 'directory' | 'file' | 'link';
  /** Permission bits. */
  mode: number;
  /** Of a file: number, size, times of last change and edit. Of a link: the same with its target. Empty for a directory. */
  stamp: string;
}

/**
 * Lists `paths` below `root` with all in them, links not followed. Throws the file system's error where something cannot be read, and an
 * `Error` for what is no file, directory or link.
 */
export async function listFiles(root: string, paths: readonly string[]): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  const yielding = pacer();
  const visit = async (path: string): Promise<void> => {
    const file = lookAt(root, path);
    if (file === null) throw new Error(`${join(root, path)} is gone`);
    found.push(file);
    if (file.kind !== 'directory') return;
    await yielding();
    for (const name of readdirSync(join(root, path)).sort()) await visit(`${path}/${name}`);
  };
  for (const path of [...paths].sort()) await visit(path);
  return found;
}

/** One line of such a list; `null` if nothing is there. */
export function lookAt(root: string, path: string): ListedFile | null {
  const stats = lstatSync(join(root, path), { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return null;
  const mode = Number(stats.mode & 0o7777n);
  if (stats.isDirectory()) return { path, kind: 'directory', mode, stamp: '' };
  if (stats.isFile()) return { path, kind: 'file', mode, stamp: stampOf(stats) };
  if (!stats.isSymbolicLink()) throw new Error(`${join(root, path)} is no plain file`);
  return { path, kind: 'link', mode, stamp: `${stampOf(stats)} ${readlinkSync(join(root, path))}` };
}

export function isSameFile(one: ListedFile, other: ListedFile | null): boolean {
  return other !== null && one.kind === other.kind && one.mode === other.mode && one.stamp === other.stamp;
}

/** The latest change among the files, in milliseconds since 1970. */
export function lastChangeMs(files: readonly ListedFile[]): number {
  return files.reduce((latest, { stamp }) => Math.max(latest, Number(stamp.split(' ')[2] ?? 0) / 1e6), 0);
}

function stampOf({ ino, size, ctimeNs, mtimeNs }: BigIntStats): string {
  return `${ino} ${size} ${ctimeNs} ${mtimeNs}`;
}

/** Work on thousands of small files is quickest without the thread pool; in between other work of the process gets its turn. */
export function pacer(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    if (performance.now() - sinceMs < turnMs) return;
    await turn();
    sinceMs = performance.now();
  };
}

const turnMs = 5;
