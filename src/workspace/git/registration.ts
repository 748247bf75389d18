/**
 * Git's list of worktrees: adding to it, checking an entry, taking one off.
 *
 * Adding goes through one lock per repository. `git worktree add` reads the folders of all its siblings and dies on one that is half
 * made: of 32 at once several fail, whatever their options. Programs that do not take the lock (a person, an agent) can still be met in
 * that moment, so this one failure is tried again.
 */
import { appendFile, lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import { linkedCheckouts } from './checkout.ts';
import { makeFreshWorktree } from './fresh-worktree.ts';
import { runGit } from './run-git.ts';
import { registrationLock, withLock, type WorkspaceFolder } from './workspace-folder.ts';

/**
 * Adds a worktree without files, detached at `commit` and locked against pruning; answers the name of its admin folder. No process but
 * in unusual repositories.
 */
export async function register(
  folder: WorkspaceFolder,
  worktree: { directory: string; commit: string; reason: string },
): Promise<string> {
  const add = ['worktree', 'add', '--quiet', '--no-checkout', '--detach', '--lock', '--reason', worktree.reason];
  return withLock(folder, [registrationLock], async () => {
    await ignoreRoot(folder);
    const fresh = await makeFreshWorktree(folder, worktree);
    if (fresh !== null) return fresh;
    await addOnce([...add, '--', worktree.directory, worktree.commit], folder.commonDirectory);
    const admin = await adminOf(folder, worktree.directory);
    if (admin !== null) {
      // Copied from the main checkout: a sparse one there is a person's view, and checks need all files.
      const gitDir = join(folder.commonDirectory, 'worktrees', admin);
      for (const name of ['config.worktree', 'info/sparse-checkout']) await rm(join(gitDir, name), { force: true });
      return admin;
    }
    throw unsafe(worktree.directory, 'git registered it elsewhere');
  });
}

/**
 * Takes a directory off the list by removing every admin folder that names it (a kill can leave one too many); never another's.
 * `git worktree remove` is not used: it looks at the files with the repository's config, so with its filters.
 */
export async function unregisterAll(folder: WorkspaceFolder, directory: string): Promise<void> {
  const wanted = resolve(directory);
  const named = (await linkedCheckouts(folder.commonDirectory)).filter((checkout) => checkout.directory === wanted);
  if (named.length === 0) return;
  await withLock(folder, [registrationLock], async () => {
    for (const { gitDir } of named) {
      if ((await pointsTo(gitDir)) === wanted) await rm(gitDir, { recursive: true, force: true });
    }
  });
}

/** Why a worktree's `.git` file and admin folder do not belong together as they were made, or `null` if they do. */
export async function faultOfWorktree(
  folder: WorkspaceFolder,
  admin: string,
  directory: string,
): Promise<string | null> {
  const path = join(folder.commonDirectory, 'worktrees', admin);
  const kind = await lstat(path).catch(() => null);
  if (kind === null || !kind.isDirectory()) return `its git directory ${path} is gone`;
  if ((await pointsTo(path)) !== resolve(directory)) return `its git directory ${path} belongs to another directory`;
  const common = (await readFile(join(path, 'commondir'), 'utf8').catch(() => '')).trim();
  if (resolve(path, common) !== folder.commonDirectory)
    return `its git directory ${path} was turned to another repository`;
  const file = await lstat(join(directory, '.git')).catch(() => null);
  if (file === null || !file.isFile()) return `its .git is no longer the file that Orbit made`;
  return (await adminOf(folder, directory)) === admin ? null : 'its .git file was turned to another git directory';
}

/** Name of the admin folder that a worktree's `.git` file names; `null` if it names none of this repository. */
export async function adminOf(folder: WorkspaceFolder, directory: string): Promise<string | null> {
  const text = await readFile(join(directory, '.git'), 'utf8').catch(() => '');
  const gitDir = /^gitdir: (.+)$/.exec(text.trim())?.[1];
  if (gitDir === undefined) return null;
  const path = resolve(directory, gitDir);
  return dirname(path) === join(folder.commonDirectory, 'worktrees') ? basename(path) : null;
}

export function unsafe(directory: string, why: string): OperationalError {
  return new OperationalError('workspace-unsafe', `workspace ${directory} is not used: ${why}`, {
    hint: 'Its work is kept under refs/orbit as far as it was committed; see `orbit recover`.',
  });
}

/** Times that a half-made sibling may be met: each lasts a fraction of a millisecond. */
const addTriesMax = 20;

async function addOnce(args: readonly string[], commonDirectory: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await runGit(args, { gitDir: commonDirectory });
      return;
    } catch (error) {
      const siblingInTheMaking = error instanceof OperationalError && /failed to read .*worktrees/.test(error.message);
      if (!siblingInTheMaking || tries === addTriesMax) throw error;
    }
  }
}

/** The worktree's directory that an admin folder names. */
async function pointsTo(path: string): Promise<string | null> {
  const pointer = await readFile(join(path, 'gitdir'), 'utf8').catch(() => null);
  return pointer === null ? null : dirname(resolve(path, pointer.trim()));
}

/** Has git ignore the folder of workspaces in every checkout, without a change to any file of the user's. */
async function ignoreRoot({ commonDirectory, top, root }: WorkspaceFolder): Promise<void> {
  const path = relative(top, root);
  if (path === '' || path.startsWith('..') || isAbsolute(path)) return;
  const line = `/${path.split('\\').join('/')}/`;
  const file = join(commonDirectory, 'info', 'exclude');
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split('\n').includes(line)) return;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
}
