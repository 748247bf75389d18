/**
 * Bringing index and files of a checkout from one commit to another, on an index of our own that is renamed onto the checkout's in the end.
 *
 * Called by whoever holds the checkout's `index.lock` (`index-lock.ts`), so that the index does not change meanwhile. Invariant: no file
 * that somebody has changed is overwritten; git looks at each before it writes any.
 */
import { lstatSync } from 'node:fs';
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

/** From one commit to the other. Throws OperationalError `git-failed` when a file is in the way; then nothing was written. */
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
 * The same where each file may be as either commit has it, and the index as well, as a kill leaves them: first the index is told which of
 * the two each file is, so that git looks at the others as at any file, and overwrites none that somebody has changed. Leaves all as it is
 * where that cannot be, and answers why.
 */
export async function finishFollowing(place: IndexPlace, { nonce, move }: FollowOrder): Promise<string | null> {
  const { from, to } = move;
  await using index = openIndex(place, nonce);
  const changes = ['diff-tree', '-r', '-z', '--no-renames', '--end-of-options', from, to];
  const changed = changesIn(splitNul((await index.run(changes)).stdout));
  const other = await otherThan(place, { nonce: `${nonce}-old`, move: { ...move, from: to, to: from } });
  const wanted = await otherThan(place, { nonce: `${nonce}-new`, move });
  if (other === null || wanted === null) return 'its index holds what is in neither commit';
  const isAs = (entry: Entry, path: string, differs: ReadonlySet<string>): boolean =>
    isAbsent(entry) ? !isFileIn(place.directory, path) : !differs.has(path);
  const lines = changed.flatMap(({ path, before, after }) => {
    const entry = isAs(after, path, wanted) ? after : isAs(before, path, other) ? before : null;
    return entry === null ? [] : [`${entry}\t${path}\0`];
  });
  await index.run(['update-index', '-z', '--index-info'], { input: lines.join('') });
  await index.run(['update-index', '-q', '--refresh'], { accept: [0, 1] });
  const moved = await index.run(['read-tree', '-m', '-u', '--end-of-options', from, to], { accept: [0, 128] });
  if (moved.exitCode !== 0) return refusalIn(moved.stderr);
  await index.publish();
  return null;
}

/** `<mode> <id>`, as `update-index --index-info` takes it; of a path that is not in a commit with the mode 0, which removes it. */
type Entry = string;

const isAbsent = (entry: Entry): boolean => entry.startsWith('0 ');

/** `:mode mode id id letter NUL path NUL`. */
function changesIn(parts: readonly string[]): { path: string; before: Entry; after: Entry }[] {
  const entry = (mode: string, id: string): Entry => `${mode.replace(/^0+$/, '0')} ${id}`;
  return Array.from({ length: parts.length >> 1 }, (_, at) => {
    const [before = '', after = '', old = '', now = ''] = (parts[2 * at] ?? '').slice(1).split(' ');
    return { path: parts[2 * at + 1] ?? '', before: entry(before, old), after: entry(after, now) };
  });
}

/** Paths of `move.to` whose files are missing or otherwise; `null` where the index holds what is in neither commit. */
async function otherThan(
  place: IndexPlace,
  { nonce, move: { from, to } }: FollowOrder,
): Promise<ReadonlySet<string> | null> {
  await using index = openIndex(place, nonce);
  const asWanted = await index.run(['read-tree', '-i', '-m', '--end-of-options', from, to], { accept: [0, 128] });
  if (asWanted.exitCode !== 0) return null;
  await index.run(['update-index', '-q', '--refresh'], { accept: [0, 1] });
  return new Set(splitNul((await index.run(['diff-files', '--name-only', '-z'])).stdout));
}

function isFileIn(directory: string, path: string): boolean {
  try {
    return !lstatSync(join(directory, path)).isDirectory();
  } catch (error) {
    if (/^(?:ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
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
