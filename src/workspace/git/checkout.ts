/**
 * Checkouts of a branch: which directory has it checked out, is it clean, and bringing it up to date after the branch was moved.
 *
 * HEAD files are read directly: `git worktree list` dies when another process is just making a worktree, and costs a process.
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import { inspect } from './inspect.ts';
import { readHead } from './head.ts';
import { readCommits } from './objects.ts';
import { runGit } from './run-git.ts';

export interface Place {
  commonDirectory: string;
  top: string | null;
}

export interface Checkout {
  /** Name of its admin folder; empty for the main checkout. */
  name: string;
  directory: string;
  gitDir: string;
}

/**
 * Dirty means tracked files: what is untracked is in nobody's way unless the new commit brings a file of that name.
 *
 * @param projections paths that Orbit itself writes, and that do not count.
 */
export async function findCheckout(
  place: Place,
  ref: string,
  projections: readonly string[] = [],
): Promise<{ directory: string; dirty: boolean } | null> {
  for (const checkout of await allCheckouts(place)) {
    const head = await readHead(checkout.gitDir);
    if (head === ref) return { directory: checkout.directory, dirty: await isDirty(place, checkout, projections) };
    // A rebase leaves HEAD detached and will move the branch when it ends.
    if (await isRebasing(checkout.gitDir, ref)) return { directory: checkout.directory, dirty: true };
  }
  return null;
}

/**
 * Two processes: one brings the index's time stamps up to date, one moves index and files. Throws OperationalError `git-failed` when a
 * file there is in the way; then nothing was written, and `git -C <directory> read-tree -m -u <from> <to>` repeats it.
 */
export async function refreshCheckout(
  place: Place,
  directory: string,
  move: { from: string; to: string },
): Promise<void> {
  const options = await gitIn(place, directory);
  await runGit(['update-index', '-q', '--refresh'], { ...options, accept: [0, 1] });
  await runGit(['read-tree', '-m', '-u', '--end-of-options', move.from, move.to], options);
}

/** See `Repository.catchUp`. */
export async function catchUpCheckout(place: Place, ref: string, projections: readonly string[]): Promise<boolean> {
  for (const checkout of await allCheckouts(place)) {
    if ((await readHead(checkout.gitDir)) !== ref) continue;
    const [tip, before] = await readCommits(place.commonDirectory, [ref, `${ref}^1`]);
    if (!tip || !before || (await differs(place, checkout, { head: before.commit, projections }))) return false;
    await refreshCheckout(place, checkout.directory, { from: before.commit, to: tip.commit });
    return true;
  }
  return false;
}

/** The same without writing anything: what git would say, or `null` if the files can follow. */
export async function refreshFault(
  place: Place,
  directory: string,
  move: { from: string; to: string },
): Promise<string | null> {
  const options = await gitIn(place, directory);
  await runGit(['update-index', '-q', '--refresh'], { ...options, accept: [0, 1] });
  const args = ['read-tree', '-m', '-u', '--dry-run', '--end-of-options', move.from, move.to];
  const { exitCode, stderr } = await runGit(args, { ...options, accept: [0, 128] });
  if (exitCode === 0) return null;
  const line = stderr.split('\n').find((each) => /^(error|fatal): /.test(each)) ?? stderr;
  return line
    .trim()
    .replace(/^(error|fatal): /, '')
    .replace(/\.$/, '');
}

async function gitIn(place: Place, directory: string): Promise<{ gitDir: string; workTree: string; cwd: string }> {
  const wanted = resolve(directory);
  const checkout = (await allCheckouts(place)).find((each) => each.directory === wanted);
  if (checkout !== undefined) return { gitDir: checkout.gitDir, workTree: checkout.directory, cwd: checkout.directory };
  const hint = 'Look at `git worktree list`.';
  throw new OperationalError('git-failed', `${directory} is no checkout of ${place.commonDirectory}`, { hint });
}

async function isDirty(
  place: Place,
  { directory, gitDir }: Checkout,
  projections: readonly string[],
): Promise<boolean> {
  const head = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { gitDir, accept: [0, 1] });
  if (head.exitCode !== 0) return true;
  return differs(place, { directory, gitDir }, { head: head.stdout.toString('utf8').trim(), projections });
}

/** Whether tracked files or the index are otherwise than `head` has them. */
async function differs(
  place: Place,
  { directory, gitDir }: Pick<Checkout, 'directory' | 'gitDir'>,
  { head, projections }: { head: string; projections: readonly string[] },
): Promise<boolean> {
  const order = { directory, head, index: join(gitDir, 'index'), exclude: [] };
  await using inspection = await inspect(place.commonDirectory, order);
  return (await inspection.status('tracked')).entries.some(({ path }) => !projections.includes(path));
}

/** The main checkout and every worktree whose folder still points back. */
export async function allCheckouts({ commonDirectory, top }: Place): Promise<Checkout[]> {
  const main = top === null ? [] : [{ name: '', directory: top, gitDir: commonDirectory }];
  return [...main, ...(await linkedCheckouts(commonDirectory))];
}

export async function linkedCheckouts(commonDirectory: string): Promise<Checkout[]> {
  const folder = join(commonDirectory, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  const found = names.map(async (name) => {
    const gitDir = join(folder, name);
    const pointer = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => null);
    // A folder without it is being made or being removed this moment.
    return pointer === null ? [] : [{ name, directory: dirname(resolve(gitDir, pointer.trim())), gitDir }];
  });
  return (await Promise.all(found)).flat();
}

async function isRebasing(gitDir: string, ref: string): Promise<boolean> {
  for (const state of ['rebase-merge', 'rebase-apply']) {
    const name = await readFile(join(gitDir, state, 'head-name'), 'utf8').catch(() => null);
    if (name?.trim() === ref) return true;
  }
  return false;
}
