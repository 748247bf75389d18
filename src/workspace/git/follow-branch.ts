/**
 * Bringing index and files of a checkout after its branch, on an index of our own that is renamed onto the checkout's in the end.
 *
 * Called by whoever holds the checkout's `index.lock` (`index-lock.ts`), so that the index does not change meanwhile. Invariant: no file
 * that somebody has changed is overwritten; git looks at each before it writes any.
 */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BranchMove } from '../repository.ts';
import { splitNul } from './objects.ts';
import { runGit, type GitOptions, type GitResult } from './run-git.ts';
import { copyIndex } from './scratch.ts';

/** A checkout, and the directory that all checkouts of its repository share. */
export interface IndexPlace {
  commonDirectory: string;
  directory: string;
  gitDir: string;
}

export interface FollowOrder {
  /** Names the index of our own. */
  nonce: string;
  move: BranchMove;
}

export function indexBeside({ gitDir }: Pick<IndexPlace, 'gitDir'>, nonce: string): string {
  return join(gitDir, `index.orbit-${nonce}`);
}

/** Throws OperationalError `git-failed` when a file is in the way; then nothing was written. */
export async function follow(place: IndexPlace, { nonce, move: { from, to } }: FollowOrder): Promise<void> {
  await using index = openIndex(place, nonce);
  await index.run(['update-index', '-q', '--refresh'], { accept: [0, 1] });
  await index.run(['read-tree', '-m', '-u', '--end-of-options', from, to]);
  await index.publish();
}

/** The same without writing anything: what git would say, or `null` if the files can follow. */
export async function followFault(
  place: IndexPlace,
  { nonce, move: { from, to } }: FollowOrder,
): Promise<string | null> {
  await using index = openIndex(place, nonce);
  await index.run(['update-index', '-q', '--refresh'], { accept: [0, 1] });
  const args = ['read-tree', '-m', '-u', '--dry-run', '--end-of-options', from, to];
  const { exitCode, stderr } = await index.run(args, { accept: [0, 128] });
  return exitCode === 0 ? null : refusalIn(stderr);
}

/**
 * Follows a move that files may have followed in part: those that are already as the commit has them are noted in the index first, so
 * that git looks at each of the others as at any file, and overwrites none that somebody has changed. Leaves all as it is where that
 * cannot be.
 */
export async function finishFollowing(place: IndexPlace, { nonce, move: { from, to } }: FollowOrder): Promise<void> {
  await using index = openIndex(place, nonce);
  await using wanted = openIndex(place, `${nonce}-new`);
  const changes = ['diff-tree', '-r', '-z', '--no-renames', '--diff-filter=AMT', '--end-of-options', from, to];
  const changed = splitNul((await index.run(changes)).stdout);
  const asWanted = await wanted.run(['read-tree', '-i', '-m', '--end-of-options', from, to], { accept: [0, 128] });
  if (asWanted.exitCode !== 0) return;
  await wanted.run(['update-index', '-q', '--refresh'], { accept: [0, 1] });
  const other = new Set(splitNul((await wanted.run(['diff-files', '--name-only', '-z'])).stdout));
  const lines: string[] = [];
  // `:mode mode id id letter NUL path NUL`.
  for (let at = 0; at + 1 < changed.length; at += 2) {
    const [, mode = '', , id = ''] = (changed[at] ?? '').split(' ');
    const path = changed[at + 1] ?? '';
    if (!other.has(path)) lines.push(`${mode} ${id}\t${path}\0`);
  }
  await index.run(['update-index', '-z', '--index-info'], { input: lines.join('') });
  await index.run(['update-index', '-q', '--refresh'], { accept: [0, 1] });
  const moved = await index.run(['read-tree', '-m', '-u', '--end-of-options', from, to], { accept: [0, 128] });
  if (moved.exitCode === 0) await index.publish();
}

/** The line by which git says why it leaves files alone. */
function refusalIn(stderr: string): string {
  const line = stderr.split('\n').find((each) => /^(error|fatal): /.test(each)) ?? stderr;
  return line
    .trim()
    .replace(/^(error|fatal): /, '')
    .replace(/\.$/, '');
}

interface IndexCopy extends AsyncDisposable {
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** Makes it the checkout's index. */
  publish(): Promise<void>;
}

function openIndex({ directory, gitDir }: IndexPlace, nonce: string): IndexCopy {
  const path = indexBeside({ gitDir }, nonce);
  copyIndex(join(gitDir, 'index'), path);
  const environment = { GIT_INDEX_FILE: path };
  return {
    run: async (args, options = {}) =>
      runGit(args, { gitDir, workTree: directory, cwd: directory, environment, ...options }),
    publish: async () => rename(path, join(gitDir, 'index')),
    [Symbol.asyncDispose]: async () => rm(path, { force: true }),
  };
}
