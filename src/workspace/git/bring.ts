/**
 * Files brought along: what git ignores but a workspace needs, such as `.env`.
 *
 * Copies regular files of the main checkout, never through a link on either side: a link could lead out of the checkout, or (committed by
 * an agent) make the copy land somewhere else. What the commit already has is left alone.
 */
import { constants, copyFile, glob, lstat, mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { UsageError } from '../../platform/error.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

/**
 * Copies what matches `patterns`, relative to the top of the main checkout; a folder means all in it. Answers the paths copied.
 * Throws UsageError `bad-settings` for a pattern that leads out of the checkout.
 */
export async function bringFiles(
  folder: WorkspaceFolder,
  directory: string,
  patterns: readonly string[],
): Promise<string[]> {
  const brought = new Set<string>();
  for (const path of await filesToBring(folder, patterns)) {
    if (await copyWithoutLinks(folder.top, directory, path)) brought.add(path);
  }
  return [...brought].sort();
}

/** Paths in the main checkout that match `patterns`. Throws as {@link bringFiles}. */
export async function filesToBring(
  { top, root }: Pick<WorkspaceFolder, 'top' | 'root'>,
  patterns: readonly string[],
): Promise<Set<string>> {
  const fault = patterns.find((pattern) => isAbsolute(pattern) || pattern.split(/[/\\]/).includes('..'));
  if (fault !== undefined) {
    const hint = 'Write patterns relative to the top of the repository.';
    throw new UsageError('bad-settings', `workspace.bring: ${JSON.stringify(fault)} leads out of the repository`, hint);
  }
  const found = new Set<string>();
  const isOutside = (path: string): boolean => path.split('/').includes('.git') || isWithin(join(top, path), root);
  for (const pattern of patterns) {
    const wanted = pattern.replace(/\/+$/, '');
    for await (const path of glob([wanted, `${wanted}/**`], { cwd: top })) if (!isOutside(path)) found.add(path);
  }
  return found;
}

async function copyWithoutLinks(from: string, to: string, path: string): Promise<boolean> {
  if (!(await isPlain(from, path, 'file'))) return false;
  await mkdirWithoutLinks(to, dirname(path));
  if (!(await isPlain(to, dirname(path), 'directory'))) return false;
  try {
    // A copy that shares blocks where the file system can.
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Every step of `path` below `top` is a real folder, and its end of the kind wanted. */
async function isPlain(top: string, path: string, kind: 'file' | 'directory'): Promise<boolean> {
  const steps = path === '.' ? [] : path.split('/');
  let at = top;
  for (const [index, step] of steps.entries()) {
    at = join(at, step);
    const found = await lstat(at).catch(() => null);
    const isEnd = index === steps.length - 1;
    if (found === null || !(isEnd && kind === 'file' ? found.isFile() : found.isDirectory())) return false;
  }
  return true;
}

async function mkdirWithoutLinks(top: string, path: string): Promise<void> {
  let at = top;
  for (const step of path === '.' ? [] : path.split('/')) {
    at = join(at, step);
    const found = await lstat(at).catch(() => null);
    if (found === null) await mkdir(at);
    else if (!found.isDirectory()) return;
  }
}

function isWithin(path: string, folder: string): boolean {
  const between = relative(folder, path);
  return between === '' || !(between === '..' || between.startsWith('../') || isAbsolute(between));
}
