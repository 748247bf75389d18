/**
 * What an attempt did, read without trusting it: where its HEAD is, every commit it ever stood on, and the state of its files.
 *
 * HEAD comes from the admin folder that Orbit's record names, content from the object database, files through a scratch git directory
 * (inspect.ts). Nothing of the workspace's own git setting is obeyed.
 */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Work } from '../workspace.ts';
import { diffTree } from './changes.ts';
import { readHead } from './head.ts';
import { inspect, type Inspection, type InspectionOrder } from './inspect.ts';
import { isObjectId, readCommits, splitNul, type CommitAndTree } from './objects.ts';
import { faultOfWorktree, unsafe } from './registration.ts';
import { runGit } from './run-git.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';
import { adminDirectory, type WorkspaceRecord } from './workspace-record.ts';

/**
 * See `Workspaces.look`. Four processes, two if nothing was committed.
 * Throws OperationalError `workspace-unsafe` when the workspace and its git directory no longer belong together.
 */
export async function readWork(folder: WorkspaceFolder, record: WorkspaceRecord, base: string): Promise<Work | null> {
  const kind = await lstat(record.directory).catch(() => null);
  if (kind === null || record.admin === null || !record.ready) return null;
  const fault = (await isOwnDirectory(record.directory))
    ? await faultOfWorktree(folder, record.admin, record.directory)
    : 'it is no longer a directory of its own';
  if (fault !== null) throw unsafe(record.directory, fault);
  const { head } = await readTrace(folder, record);
  if (head === null) throw unsafe(record.directory, `its base ${record.base} is gone from the repository`);
  await using inspection = await inspectFiles(folder, record, { head: head.commit });
  const [commits, changed, status] = await Promise.all([
    countCommits(folder, base, head.commit),
    changedPaths(folder, base, head.commit),
    inspection.status('all'),
  ]);
  return { ...head, base, commits, changed, dirty: status.entries.map(({ path }) => path) };
}

export interface Trace {
  /** Where HEAD is; on a branch without commits, where it was last; else the base. `null` if none of these exists. */
  head: CommitAndTree | null;
  /** Tip of the attempt's own branch, if it is there. */
  branch: string | null;
  /** Every commit that the workspace's HEAD, its branch or a half-done operation of git was ever at, as far as it exists. */
  commits: readonly string[];
}

/** Works without the directory, and without the admin folder as far as the branch tells. */
export async function readTrace(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<Trace> {
  const gitDir = adminDirectory(folder.commonDirectory, record);
  const branchRef = `refs/heads/${record.branch}`;
  const [head, past, branchPast, passing] = await Promise.all([
    gitDir === null ? null : readHead(gitDir),
    gitDir === null ? [] : readLog(join(gitDir, 'logs', 'HEAD')),
    readLog(join(folder.commonDirectory, 'logs', branchRef)),
    gitDir === null ? [] : readPassing(gitDir),
  ]);
  const names = [head ?? '', branchRef, past.at(-1) ?? '', record.base];
  const others = [...new Set([...past, ...branchPast, ...passing])];
  const [now, branch, last, base, ...rest] = await readCommits(folder.commonDirectory, [...names, ...others]);
  const at = now ?? last ?? branch ?? base ?? null;
  const commits = [at, branch, ...rest].flatMap((found) => found?.commit ?? []);
  return { head: at, branch: branch?.commit ?? null, commits: [...new Set(commits)] };
}

/** The attempt's files compared with `at.head`. Dispose of it. */
export async function inspectFiles(
  folder: WorkspaceFolder,
  record: WorkspaceRecord,
  at: Pick<InspectionOrder, 'head' | 'objects'>,
): Promise<Inspection> {
  const gitDir = adminDirectory(folder.commonDirectory, record) ?? folder.commonDirectory;
  const exclude = record.brought.map((path) => `/${path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}`);
  return inspect(folder.commonDirectory, {
    ...at,
    directory: record.directory,
    index: join(gitDir, 'index'),
    exclude,
  });
}

/** A real directory at its own place: an agent may have put a link there, and a look must not follow it elsewhere. */
export async function isOwnDirectory(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => null);
  return found?.isDirectory() === true && (await realpath(directory)) === directory;
}

async function countCommits(folder: WorkspaceFolder, base: string, commit: string): Promise<number> {
  if (base === commit) return 0;
  const args = ['rev-list', '--count', '--end-of-options', `${base}..${commit}`];
  return Number((await runGit(args, { gitDir: folder.commonDirectory })).stdout.toString('utf8'));
}

async function changedPaths(folder: WorkspaceFolder, base: string, commit: string): Promise<string[]> {
  if (base === commit) return [];
  return splitNul((await runGit(diffTree('--name-only', base, commit), { gitDir: folder.commonDirectory })).stdout);
}

/** Old and new ids of a ref log, oldest first. */
async function readLog(path: string): Promise<string[]> {
  const text = await readFile(path, 'latin1').catch(() => '');
  return text.split('\n').flatMap((line) => line.split(' ', 2).filter((id) => isObjectId(id) && !/^0+$/.test(id)));
}

/** Where git notes commits while it rebases, merges, picks or resets. */
const passingFiles = [
  'ORIG_HEAD',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge/orig-head',
  'rebase-apply/orig-head',
];

async function readPassing(gitDir: string): Promise<string[]> {
  const texts = await Promise.all(
    passingFiles.map(async (name) => readFile(join(gitDir, name), 'latin1').catch(() => '')),
  );
  return texts.flatMap((text) => text.split('\n').filter(isObjectId));
}
