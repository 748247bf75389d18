/**
 * A new entry on git's list of worktrees, made without a process: its few files are written aside and then stand on the list by one
 * rename, so that nobody, `git worktree add` of somebody else included, meets half of it.
 *
 * Invariant: what stands there is what `git worktree add --no-checkout --detach --lock` makes, but for the log of HEAD, which begins
 * with the first checkout. Where that depends on more than a plain repository, or anything is in the way, git is left to do it.
 */
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isShared } from './loose-object.ts';
import { readCommits } from './objects.ts';
import { nextName, scratchFolder } from './scratch.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

/** Name of its admin folder; `null`, and nothing was made, where git has to do it. Call it under the registration's lock. */
export async function makeFreshWorktree(
  { commonDirectory }: Pick<WorkspaceFolder, 'commonDirectory'>,
  { directory, commit, reason }: { directory: string; commit: string; reason: string },
): Promise<string | null> {
  const name = basename(directory);
  const path = join(commonDirectory, 'worktrees', name);
  // A link or a file of that name is in the way, too.
  const isTaken = [path, directory].some((one) => lstatSync(one, { throwIfNoEntry: false }) !== undefined);
  if (isTaken || !isPlainName(name) || isShared(commonDirectory) || keepsRefsInTables(commonDirectory)) return null;
  const [found] = await readCommits(commonDirectory, [commit]);
  if (found?.commit !== commit) return null;
  // What a kill leaves of the draft is swept with the other scratch files, and the directory is cleared by who had it made.
  const draft = join(scratchFolder(commonDirectory), nextName());
  mkdirSync(draft, { recursive: true });
  mkdirSync(dirname(directory), { recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(directory);
  const pointer = join(directory, '.git');
  let isPointed = false;
  try {
    writeFileSync(join(draft, 'HEAD'), `${commit}\n`);
    writeFileSync(join(draft, 'commondir'), '../..\n');
    writeFileSync(join(draft, 'gitdir'), `${pointer}\n`);
    writeFileSync(join(draft, 'locked'), `${reason}\n`);
    writeFileSync(pointer, `gitdir: ${path}\n`, { flag: 'wx' });
    isPointed = true;
    renameSync(draft, path);
    return name;
  } catch {
    // A full disk and the like: git says it in its own words.
    rmSync(draft, { recursive: true, force: true });
    if (isPointed) rmSync(pointer, { force: true });
    rmdirSync(directory);
    return null;
  }
}

/** One that git takes as it is for the name of an admin folder. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.))*$/.test(name) && !/\.(?:lock)?$/.test(name);
}

/** HEAD is a stub then, and a worktree's refs stand in a table of its own. */
function keepsRefsInTables(commonDirectory: string): boolean {
  return readFileSync(join(commonDirectory, 'HEAD'), 'latin1').includes('.invalid');
}
