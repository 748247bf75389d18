/**
 * Removing a workspace whose whole content is kept.
 *
 * Nothing is forced: first everything is looked at again, then the directory goes to the pool or is renamed away (so that nobody finds it
 * half deleted), git's entry for it removed, its branch deleted from exactly the value that was looked at, and the files deleted last. A kill in between leaves
 * steps that the same call completes.
 */
import { rename, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { allCheckouts } from './checkout.ts';
import { examine, type Examination } from './examine.ts';
import { readHead } from './head.ts';
import { listOf } from './kept-set-up.ts';
import { makeOwnFolder, namesInOwnFolder } from './own-folder.ts';
import { takeIn } from './pool.ts';
import { unregisterAll } from './registration.ts';
import { removeTree } from './remove-tree.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';
import { removeRecord, type WorkspaceRecord } from './workspace-record.ts';

/** See `Workspaces.remove`: `false` if anything in the workspace is not kept, or cannot be told. */
export async function removeWorkspace(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<boolean> {
  const found = await examine(folder, record);
  const reasons = whyNot(found);
  if (reasons.length > 0) {
    folder.note(`workspace ${record.directory} is left in place: ${reasons.join('; ')}`);
    return false;
  }
  const isPooled = record.ready && record.admin !== null && (await takeIn(folder, record.admin, record.directory));
  if (!isPooled) await moveToTrash(folder, record.directory);
  if (!isPooled) await unregisterAll(folder, record.directory);
  folder.setUps.delete(record.directory);
  await rm(listOf(folder, record.name), { force: true });
  await deleteBranch(folder, record, found.branch);
  await removeRecord(folder.commonDirectory, record.name);
  await emptyTrash(folder);
  return true;
}

function whyNot({ unpinned, snapshot, snapshotKept, gaps }: Examination): string[] {
  return [
    ...gaps,
    ...unpinned.map((commit) => `commit ${commit} is not kept yet`),
    ...(snapshot === null || snapshotKept ? [] : ['it has uncommitted files that are not kept yet']),
  ];
}

async function moveToTrash(folder: WorkspaceFolder, directory: string): Promise<void> {
  const trash = trashOf(folder);
  await makeOwnFolder(trash);
  const name = `${basename(directory)}.${process.pid}.${Math.random().toString(36).slice(2, 10)}`;
  try {
    await rename(directory, join(trash, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** All that is in there was kept before it came there. */
async function emptyTrash(folder: WorkspaceFolder): Promise<void> {
  const trash = trashOf(folder);
  for (const name of await namesInOwnFolder(trash)) {
    try {
      await removeTree(join(trash, name));
    } catch (error) {
      folder.note(`${join(trash, name)} could not be deleted and can be deleted by hand: ${String(error)}`);
    }
  }
  // Not if another process just puts something in.
  await rmdir(trash).catch(() => undefined);
}

/** Leaves the branch if it moved since it was looked at, or if another checkout is on it. */
async function deleteBranch(folder: WorkspaceFolder, record: WorkspaceRecord, commit: string | null): Promise<void> {
  if (commit === null) return;
  const ref = `refs/heads/${record.branch}`;
  const heads = (await allCheckouts(folder)).map(async ({ gitDir }) => readHead(gitDir));
  if ((await Promise.all(heads)).includes(ref))
    folder.note(`branch ${record.branch} is left: another checkout is on it`);
  else if (!(await folder.repository.moveRefs([{ ref, from: commit, to: null }]))) {
    folder.note(`branch ${record.branch} is left: it moved meanwhile`);
  }
}

/** Workspace names start with a letter or digit, so none is called this. */
function trashOf(folder: WorkspaceFolder): string {
  return join(folder.root, '.trash');
}
