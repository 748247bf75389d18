/** One look at everything an attempt made, and at which of it is already kept: what salvage and removal both decide on. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { attemptNames } from '../../core/kept-refs.ts';
import type { Snapshot } from './inspect.ts';
import type { CommitAndTree } from './objects.ts';
import { listRefs, type Ref } from './refs.ts';
import { faultOfWorktree } from './registration.ts';
import { runGit } from './run-git.ts';
import { inspectFiles, isOwnDirectory, readTrace, type Trace } from './work.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';
import type { WorkspaceRecord } from './workspace-record.ts';

export interface Examination {
  /** `null` when neither workspace nor branch nor base is there. */
  head: CommitAndTree | null;
  branch: string | null;
  /** The attempt's refs. */
  kept: readonly Ref[];
  /** Commits that no ref of the attempt reaches; their own ancestors are left out. */
  unpinned: readonly string[];
  /** The files, where they differ from HEAD. */
  snapshot: Snapshot | null;
  /** One of the refs holds that snapshot. */
  snapshotKept: boolean;
  /** Why the snapshot may miss something. */
  gaps: readonly string[];
}

/** Five processes for a clean workspace, four if no commit is new; two more for a snapshot. */
export async function examine(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<Examination> {
  const [trace, kept] = await Promise.all([
    readTrace(folder, record),
    listRefs(folder.commonDirectory, keptPatterns(record)),
  ]);
  const unpinned = await tipsNotIn(folder, trace, [...kept.map(({ commit }) => commit), record.base]);
  const files = await examineFiles(folder, record, trace);
  const { snapshot } = files;
  const snapshotKept = snapshot !== null && kept.some((ref) => holds(ref, snapshot));
  return { head: trace.head, branch: trace.branch, kept, unpinned, snapshotKept, ...files };
}

/** Patterns that match the refs of one attempt and no other's: tokens are numbers, so `-*` is a count. */
export function keptPatterns(record: WorkspaceRecord): string[] {
  const { ref, salvage } = attemptNames(record.key, record.token);
  return [ref, salvage, `${salvage}-*`];
}

/** In the body of a snapshot's commit: the tree of what was staged and nowhere else. */
export function stagedMark(index: string): string {
  return `Orbit-Index: ${index}`;
}

function holds(ref: Ref, { tree, index }: Snapshot): boolean {
  return ref.tree === tree && (index === null || ref.body.includes(stagedMark(index)));
}

async function examineFiles(
  folder: WorkspaceFolder,
  record: WorkspaceRecord,
  { head }: Trace,
): Promise<{ snapshot: Snapshot | null; gaps: string[] }> {
  const exists = record.directory !== '' && (await lstat(record.directory).catch(() => null)) !== null;
  // One that was never ready was never given to anybody: there is no work in it.
  if (!exists || head === null || !record.ready) return { snapshot: null, gaps: [] };
  if (!(await isOwnDirectory(record.directory))) {
    return { snapshot: null, gaps: [`${record.directory} is no longer a directory of its own`] };
  }
  const gaps: string[] = [];
  const fault = await faultOfWorktree(folder, record.admin ?? '', record.directory);
  if (fault !== null) gaps.push(fault);
  await using inspection = await inspectFiles(folder, record, { head: head.commit });
  const status = await inspection.status('all');
  gaps.push(...status.nested.map((path) => `${path} is a repository of its own`));
  for (const path of await inspection.submodules()) {
    const isFilled = (await lstat(join(record.directory, path, '.git')).catch(() => null)) !== null;
    if (isFilled) gaps.push(`${path} is a repository of its own`);
  }
  if (status.incomplete) gaps.push('not all of its folders can be read');
  if (status.entries.length === 0) return { snapshot: null, gaps };
  const snapshot = await inspection.snapshot(status);
  if (snapshot.incomplete) gaps.push('not all of its files can be read');
  const isNew = snapshot.tree !== head.tree || snapshot.index !== null;
  return { snapshot: isNew ? snapshot : null, gaps };
}

/** No process if all is known, else one. */
async function tipsNotIn(folder: WorkspaceFolder, trace: Trace, pinned: readonly string[]): Promise<string[]> {
  const known = new Set(pinned);
  const asked = trace.commits.filter((commit) => !known.has(commit));
  if (asked.length === 0) return [];
  const roots = [...known].filter((commit) => commit !== '').map((commit) => `^${commit}`);
  const input = `${[...asked, ...roots].join('\n')}\n`;
  const { stdout } = await runGit(['rev-list', '--parents', '--stdin'], { gitDir: folder.commonDirectory, input });
  const rows = stdout
    .toString('utf8')
    .trim()
    .split('\n')
    .map((row) => row.split(' '));
  const parents = new Set(rows.flatMap((row) => row.slice(1)));
  return rows.flatMap(([commit = '']) => (commit === '' || parents.has(commit) ? [] : [commit]));
}
