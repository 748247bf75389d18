/**
 * Worktrees at rest: taken off git's list with their index, to be put back on it without making one anew.
 *
 * What is parked does not show in `git worktree list` and cannot be used by accident. Putting it back is one rename of a complete admin
 * folder, so nobody ever sees half of it.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { registrationLock, withLock, type WorkspaceFolder } from './workspace-folder.ts';

export interface ParkedWorktree {
  /** Name that its admin folder shall have. */
  admin: string;
  directory: string;
  commit: string;
  /** Why it is locked against pruning. */
  reason: string;
}

/** Moves an admin folder to `to`, with nothing in it but what makes the next checkout quick. */
export async function park(folder: WorkspaceFolder, admin: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { recursive: true, force: true });
  await withLock(folder, [registrationLock], async () => rename(adminPath(folder, admin), to));
  for (const name of await readdir(to)) {
    if (!keptFiles.has(name)) await rm(join(to, name), { recursive: true, force: true });
  }
}

/** Puts a parked admin folder back as the one of `worktree.directory`, whose files are there already. */
export async function unpark(folder: WorkspaceFolder, from: string, worktree: ParkedWorktree): Promise<void> {
  const { admin, directory, commit, reason } = worktree;
  const path = adminPath(folder, admin);
  // Until its checkout HEAD must not name a branch that is gone, or now another's. (Where refs are in tables HEAD is a stub.)
  const head = join(from, 'HEAD');
  if (!(await readFile(head, 'utf8')).includes('.invalid')) await writeFile(head, `${commit}\n`);
  await writeFile(join(from, 'gitdir'), `${join(directory, '.git')}\n`);
  await writeFile(join(from, 'commondir'), '../..\n');
  await writeFile(join(from, 'locked'), reason);
  await rm(join(directory, '.git'), { recursive: true, force: true });
  await writeFile(join(directory, '.git'), `gitdir: ${path}\n`);
  await mkdir(dirname(path), { recursive: true });
  await withLock(folder, [registrationLock], async () => rename(from, path));
}

/** The rest is history, config or half-done operations of the last user. `reftable` holds HEAD where refs are kept in tables. */
const keptFiles = new Set(['HEAD', 'commondir', 'gitdir', 'locked', 'index', 'reftable', 'refs']);

function adminPath({ commonDirectory }: WorkspaceFolder, admin: string): string {
  return join(commonDirectory, 'worktrees', admin);
}
