/**
 * The workspace port on git worktrees.
 *
 * Owns the folder of workspaces and the refs under `refs/orbit/attempts` and `refs/orbit/salvage`. Worktrees are the mode for agents that
 * are trusted with the repository: they share its git directory. All the same nothing they can write there is obeyed when their work is
 * looked at, saved or removed. Several processes may use it at once; one lock per workspace orders what happens to it.
 */
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nameFault } from '../../core/id.ts';
import { attemptRefs, keptFolders, salvageRefs } from '../../core/kept-refs.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import type { Repository } from '../repository.ts';
import type { KeptSetUp, Workspaces } from '../workspace.ts';
import { checkOutSlot } from './check-slot.ts';
import { diskFreeBytes } from '../../platform/disk-use.ts';
import { collectIdle, workspaceBytes } from './collect.ts';
import { prepareWorkspace, refuseBadNames } from './prepare.ts';
import { removeWorkspace } from './remove.ts';
import { keptWork, recordOf, salvageAttempt } from './salvage.ts';
import { purgeRef, restoreBranch } from './restore.ts';
import { surveyKept } from './survey.ts';
import { sweepLeftovers } from './sweep.ts';
import { glanceAll } from './glance.ts';
import { readWork } from './work.ts';
import { withLock, type WorkspaceFolder } from './workspace-folder.ts';
import { allRecords, readRecord, type WorkspaceRecord } from './workspace-record.ts';

export interface WorkspaceSettings {
  /** Folder of the workspaces, relative to the top of the main checkout; `.worktrees` by default. */
  directory: string;
  /** Checkouts written at the same time on this machine: about the number of cores. */
  checkoutsAtOnceMax: number;
  /** `workspace.caches` of the settings. */
  caches?: readonly string[];
  /** The set-up whose result is kept for the next directories; `null` or absent: none. */
  setUp?: () => KeptSetUp | null;
  /** Told in a sentence why something was not removed. */
  note?: (text: string) => void;
}

/** Throws UsageError `bare-repository`. */
export async function openWorkspaces(repository: Repository, settings: WorkspaceSettings): Promise<Workspaces> {
  if (repository.top === null) {
    const hint = 'Use a clone with a checkout.';
    throw new UsageError('bare-repository', `${repository.commonDirectory} has no checkout to put workspaces in`, hint);
  }
  const folder: WorkspaceFolder = {
    repository,
    commonDirectory: repository.commonDirectory,
    top: repository.top,
    root: await realParent(resolve(repository.top, settings.directory)),
    checkoutsAtOnceMax: settings.checkoutsAtOnceMax,
    caches: settings.caches ?? [],
    setUp: settings.setUp ?? (() => null),
    setUps: new Map(),
    note: settings.note ?? (() => undefined),
  };
  await sweepLeftovers(folder.commonDirectory);
  return {
    prepare: async (order) => prepareWorkspace(folder, order),
    look: async (directory, base) => {
      const record = await recordAt(folder, directory);
      return record === null ? null : readWork(folder, record, base);
    },
    glance: async (directories) =>
      glanceAll(folder, await Promise.all(directories.map(async (directory) => recordAt(folder, directory)))),
    salvage: async (task, token, directory) => {
      refuseBadNames(task, token);
      const known = recordOf(task, token);
      const record = (await readRecord(folder.commonDirectory, known.name)) ?? known;
      refuseOther(record, directory);
      return withLock(folder, [`workspace-${known.name}`], async () => salvageAttempt(folder, record));
    },
    remove: async (task, token, directory) => {
      refuseBadNames(task, token);
      const { name } = recordOf(task, token);
      return withLock(folder, [`workspace-${name}`], async () => {
        const record = await readRecord(folder.commonDirectory, name);
        if (record === null) return isGone(folder, directory);
        refuseOther(record, directory);
        return removeWorkspace(folder, record);
      });
    },
    list: async () => noted(folder),
    setUpOf: (directory) => folder.setUps.get(directory) ?? null,
    diskBytes: async () => workspaceBytes(folder),
    diskFreeBytes: async () => diskFreeBytes(folder.commonDirectory),
    collect: async (bytes) => collectIdle(folder, bytes),
    checkout: async (commit, bring) => checkOutSlot(folder, commit, bring),
    kept: async (task) => keptWork(folder, foldersOf(task)),
    survey: async (task, factsOf) => surveyKept(folder, task === null ? null : taskName(task), factsOf),
    purge: async (ref, commit) => purgeRef(folder, ref, commit),
    restore: async (ref, branch) => restoreBranch(folder, ref, branch),
  };
}

/** Links above the folder are followed once and for all; the folder itself must be none (see `ensureRoot`). */
async function realParent(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  return join(await realpath(parent).catch(() => realParent(parent)), basename(path));
}

/** The record of the workspace at `directory`, whatever that directory says of itself. */
async function recordAt(folder: WorkspaceFolder, directory: string): Promise<WorkspaceRecord | null> {
  const record = await readRecord(folder.commonDirectory, basename(directory));
  return record?.directory === resolve(directory) ? record : null;
}

/** A directory that is not the attempt's own must not be saved as its work, and surely not be removed. */
function refuseOther(record: WorkspaceRecord, directory: string | null): void {
  if (directory === null || resolve(directory) === record.directory || record.directory === '') return;
  throw new OperationalError('workspace-unsafe', `${directory} is not the workspace of attempt ${record.name}`, {
    hint: `That is ${record.directory}.`,
  });
}

async function isGone(folder: WorkspaceFolder, directory: string): Promise<boolean> {
  if ((await lstat(directory).catch(() => null)) === null) return true;
  folder.note(`${directory} is left in place: Orbit has no record of it`);
  return false;
}

/** By record and not by directory: a kill inside `prepare` or `remove` may have left a branch or an entry of git's alone. */
async function noted(folder: WorkspaceFolder): Promise<{ directory: string; task: string; token: number }[]> {
  const records = await allRecords(folder.commonDirectory);
  return records.map(({ directory, key, token }) => ({ directory, task: key.slice(key.indexOf('/') + 1), token }));
}

/** `task` may be a key (`001/T031`) or the task's name. */
function foldersOf(task: string | undefined): string[] {
  if (task === undefined) return [keptFolders.attempt, keptFolders.salvage];
  const name = taskName(task);
  return [attemptRefs(name), salvageRefs(name)];
}

function taskName(task: string): string {
  const name = task.slice(task.indexOf('/') + 1);
  const fault = nameFault(name);
  if (fault === null) return name;
  throw new UsageError('bad-id', `${JSON.stringify(task)} is no task: ${fault}`, 'Use its id, such as T031.');
}
