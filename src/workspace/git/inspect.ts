/**
 * Looking at the files of a checkout without trusting its git directory, its config or its index.
 *
 * Works on a copy of the index (its stat data saves reading every file) in a scratch git directory. Nothing is written to the
 * checkout or its git directory, and a stale `index.lock` there does not matter.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratch, type Scratch } from './scratch.ts';
import { splitNul } from './objects.ts';
import type { GitOptions, GitResult } from './run-git.ts';

export interface InspectionOrder {
  directory: string;
  /** Commit to compare with. */
  head: string;
  /** The checkout's own index. */
  index: string;
  /** Further lines for the ignore list. */
  exclude: readonly string[];
  /** Where objects of snapshots go; default: the repository. */
  objects?: string;
}

export interface Inspection extends AsyncDisposable {
  status(which: 'all' | 'tracked'): Promise<Status>;
  /** Paths that git ignores; a folder of which nothing is tracked stands for all in it, with a slash at its end. */
  ignored(): Promise<string[]>;
  /** Trees of what is there now. Call it after a status that was not clean. */
  snapshot(status: Status): Promise<Snapshot>;
  /** Tree of the files that git knows, as they are now; `null` in the middle of a conflict. Call it after a status that was not clean. */
  trackedTree(status: Status): Promise<string | null>;
  /** Paths of repositories within this one that HEAD or the index knows as a submodule. */
  submodules(): Promise<string[]>;
}

export interface Status {
  /** What differs from HEAD; `staged` and `changed` are git's letters, `?` for untracked. */
  entries: readonly { path: string; staged: string; changed: string }[];
  /** Folders that are repositories of their own: their content cannot be seen from here. */
  nested: readonly string[];
  /** Something could not be read, so that more may differ. */
  incomplete: boolean;
}

export interface Snapshot {
  /** All files as they are, but those ignored and those in nested repositories. */
  tree: string;
  /** The index, if it holds content that is neither in HEAD nor in the files. */
  index: string | null;
  /** Some file could not be read and is missing. */
  incomplete: boolean;
}

export async function inspect(commonDirectory: string, order: InspectionOrder): Promise<Inspection> {
  const { directory, ...content } = order;
  const { head } = content;
  const scratch = await makeScratch(commonDirectory, content);
  const run = async (args: readonly string[], options: GitOptions = {}): Promise<GitResult> =>
    scratch.run(args, { ...options, cwd: directory, workTree: directory });
  try {
    await refreshIndex(run, scratch, head);
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
  return {
    status: async (which) => readStatus(await run(statusArgs(which))),
    ignored: async () => ignoredOf(await run(['status', '--porcelain', '-z', '--no-renames', ...ignoredArgs])),
    snapshot: async (status) => takeSnapshot(run, status),
    trackedTree: async (status) => {
      if (isUnmerged(status)) return null;
      await run(['add', '--update', '--sparse', '--ignore-errors', '--', '.'], { accept: [0, 1] });
      return writeTree(run);
    },
    submodules: async () => submodulesOf(await run(['ls-files', '--stage', '-z'])),
    [Symbol.asyncDispose]: async () => scratch[Symbol.asyncDispose](),
  };
}

type Run = (args: readonly string[], options?: GitOptions) => Promise<GitResult>;

/**
 * `--really-refresh` looks also at files marked "assume unchanged", behind which an edit could hide. An index that is missing or
 * unreadable (a split one, for example) is replaced by HEAD's, at the price of reading all files.
 */
async function refreshIndex(run: Run, scratch: Scratch, head: string): Promise<void> {
  if (existsSync(join(scratch.directory, 'index'))) {
    const refreshed = await run(['update-index', '-q', '--really-refresh'], { accept: [0, 1, 128] });
    if (refreshed.exitCode !== 128) return;
  }
  await run(['read-tree', '--reset', '--end-of-options', head]);
}

function statusArgs(which: 'all' | 'tracked'): string[] {
  const untracked = `--untracked-files=${which === 'all' ? 'all' : 'no'}`;
  // "dirty" compares a submodule's commit, but runs no git inside it, which would obey that repository's config.
  return ['status', '--porcelain', '-z', '--no-renames', '--ignore-submodules=dirty', untracked];
}

const ignoredArgs = ['--ignore-submodules=dirty', '--untracked-files=normal', '--ignored=traditional'];

function ignoredOf({ stdout }: GitResult): string[] {
  return splitNul(stdout)
    .filter((entry) => entry.startsWith('!! '))
    .map((entry) => entry.slice(3));
}

function readStatus({ stdout, stderr }: GitResult): Status {
  const all = splitNul(stdout).map((entry) => ({
    path: entry.slice(3),
    staged: entry[0] ?? '',
    changed: entry[1] ?? '',
  }));
  const nested = all.filter(({ path }) => path.endsWith('/')).map(({ path }) => path.slice(0, -1));
  return { entries: all, nested, incomplete: /could not open|permission denied/i.test(stderr) };
}

/** Three processes, four if the index alone holds content. */
async function takeSnapshot(run: Run, status: Status): Promise<Snapshot> {
  const onlyStaged =
    !isUnmerged(status) &&
    status.entries.some(({ staged, changed }) => 'MTA'.includes(staged) && 'MTD'.includes(changed));
  const index = onlyStaged ? await writeTree(run) : null;
  const skipped = status.nested.map((path) => `:(exclude,top,literal)${path}`);
  const input = ['.', ...skipped, ''].join('\0');
  // Exit code 1: some files could not be read; the rest was added, and the next status shows the difference.
  const add = ['add', '--all', '--sparse', '--ignore-errors', '--pathspec-from-file=-', '--pathspec-file-nul'];
  const added = await run(add, { input, accept: [0, 1] });
  return { tree: await writeTree(run), index, incomplete: added.exitCode !== 0 };
}

/** A conflict in progress: no tree can hold such an index. */
const unmergedMarks = new Set(['DD', 'AU', 'UD', 'UA', 'DU', 'AA', 'UU']);

function isUnmerged({ entries }: Status): boolean {
  return entries.some(({ staged, changed }) => unmergedMarks.has(staged + changed));
}

async function writeTree(run: Run): Promise<string> {
  return (await run(['write-tree'])).stdout.toString('utf8').trim();
}

function submodulesOf({ stdout }: GitResult): string[] {
  return splitNul(stdout)
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1));
}
