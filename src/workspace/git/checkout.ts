/**
 * Checkouts of a branch: which directory has it checked out, is it clean, and bringing it up to date after the branch was moved.
 *
 * HEAD files are read directly: `git worktree list` dies when another process is just making a worktree, and costs a process.
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import type { BranchMove, CheckoutHold } from '../repository.ts';
import { inspect } from './inspect.ts';
import { readHead } from './head.ts';
import { lockIndex, mendIndex } from './index-lock.ts';
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

/** See `Repository.holdCheckout`. */
export async function holdCheckout(place: Place, directory: string, move: BranchMove): Promise<CheckoutHold | null> {
  const wanted = resolve(directory);
  const checkout = (await allCheckouts(place)).find((each) => each.directory === wanted);
  if (checkout !== undefined) return lockIndex({ ...checkout, commonDirectory: place.commonDirectory }, move);
  const hint = 'Look at `git worktree list`.';
  throw new OperationalError('git-failed', `${directory} is no checkout of ${place.commonDirectory}`, { hint });
}

/** See `Repository.mendCheckouts`. */
export async function mendCheckouts(place: Place): Promise<boolean> {
  let failed: { error: unknown } | null = null;
  let isDone = true;
  for (const checkout of await allCheckouts(place)) {
    try {
      const mended = await mendIndex({ ...checkout, commonDirectory: place.commonDirectory });
      isDone &&= mended !== 'waits';
    } catch (error) {
      // One that cannot be mended is no reason to leave the others locked.
      failed ??= { error };
    }
  }
  if (failed !== null) throw failed.error;
  return isDone;
}

/** See `Repository.catchUp`. */
export async function catchUpCheckout(place: Place, ref: string, projections: readonly string[]): Promise<boolean> {
  for (const checkout of await allCheckouts(place)) {
    if ((await readHead(checkout.gitDir)) !== ref) continue;
    if ((await mendIndex({ ...checkout, commonDirectory: place.commonDirectory })) === 'mended')
      return !(await isDirty(place, checkout, projections));
    const [tip, before] = await readCommits(place.commonDirectory, [ref, `${ref}^1`]);
    if (!tip || !before || (await differs(place, checkout, { head: before.commit, projections }))) return false;
    const hold = await holdCheckout(place, checkout.directory, { ref, from: before.commit, to: tip.commit });
    if (hold === null) return false;
    try {
      await hold.follow();
    } finally {
      await hold.release();
    }
    return true;
  }
  return false;
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
