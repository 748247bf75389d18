/**
 * Making an attempt's branch and workspace.
 *
 * In an order in which a kill at any point leaves something that the same call completes: record, branch, registration, files, record
 * marked ready. Two processes: update-ref and checkout (limited in number); registering takes one in unusual repositories. From the
 * pool four: two more for making sure that nothing of the last user stays.
 */
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keyParts, nameFault } from '../../core/id.ts';
import { attemptNames } from '../../core/kept-refs.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import type { Workspace, WorkspaceOrder } from '../workspace.ts';
import { bringFiles } from './bring.ts';
import { namingFullDisk } from './git-error.ts';
import { beginSetUp, keyAt, listOf, setUpState, whatStays } from './kept-set-up.ts';
import { isObjectId } from './objects.ts';
import { giveOut } from './pool.ts';
import { faultOfWorktree, register, unregisterAll, unsafe } from './registration.ts';
import { removeWorkspace } from './remove.ts';
import { removeTree } from './remove-tree.ts';
import type { SetUpKey } from './set-up-key.ts';
import { layFiles, writeCheckout } from './write-checkout.ts';
import { checkoutLocks, ensureRoot, withLock, type WorkspaceFolder } from './workspace-folder.ts';
import { adminDirectory, readRecord, writeRecord, type WorkspaceRecord } from './workspace-record.ts';

/** See `Workspaces.prepare`. Throws UsageError `bad-id`; OperationalError `workspace-failed`, `workspace-unsafe`, `git-…`. */
export async function prepareWorkspace(folder: WorkspaceFolder, order: WorkspaceOrder): Promise<Workspace> {
  refuseBadOrder(order);
  const { workspace: name } = attemptNames(order.task, order.token);
  return withLock(folder, [`workspace-${name}`], async () => {
    await ensureRoot(folder);
    const known = await readRecord(folder.commonDirectory, name);
    const record = known ?? newRecord(folder, order);
    const start = order.start ?? order.base;
    if (record.base !== start) {
      throw failed(record, `it was made from ${record.base}, not from ${start}`, 'Start a new attempt instead.');
    }
    if (known?.ready !== true) await namingFullDisk(async () => make(folder, record, order));
    else if (!(await isDirectory(record.directory))) {
      throw failed(record, 'its directory is gone', 'Its commits are kept; start a new attempt.');
    }
    return { directory: record.directory, branch: record.branch, base: order.base };
  });
}

async function make(folder: WorkspaceFolder, record: WorkspaceRecord, order: WorkspaceOrder): Promise<void> {
  await clearLeftovers(folder, record);
  await writeRecord(folder.commonDirectory, record);
  await createBranch(folder, record);
  try {
    await fill(folder, record, order);
  } catch (error) {
    // Half of a workspace is nobody's. What cannot be removed now is removed when its attempt is cleared up.
    await removeWorkspace(folder, record).catch((fault: unknown) => folder.note(String(fault)));
    throw error;
  }
}

async function fill(folder: WorkspaceFolder, record: WorkspaceRecord, order: WorkspaceOrder): Promise<void> {
  const key = await keyAt(folder, { tree: order.uncommitted ?? record.base, bring: order.bring });
  const registered = (await makeFromPool(folder, record, key)) ?? (await makeNew(folder, record));
  const { name, directory, base: commit } = record;
  const gitDir = adminDirectory(folder.commonDirectory, registered) ?? '';
  const place = { name, directory, gitDir, moves: true };
  const isDone = await beginSetUp(folder, place, key);
  if (typeof order.uncommitted === 'string') await layUncommitted(folder, registered, order.uncommitted);
  const brought = await bringFiles(folder, directory, order.bring);
  await writeRecord(folder.commonDirectory, { ...registered, ready: true, brought });
  const found = { isDone, commit, brought, isPlain: typeof order.uncommitted !== 'string' };
  if (key !== null) folder.setUps.set(directory, setUpState(folder, place, { ...found, key }));
}

async function makeNew(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<WorkspaceRecord> {
  const admin = await register(folder, worktreeOf(record));
  const registered = { ...record, admin };
  await writeRecord(folder.commonDirectory, registered);
  await writeFiles(folder, registered, null);
  return registered;
}

/** `null` if the pool is empty, or what it gave out could not be brought to the commit. */
async function makeFromPool(
  folder: WorkspaceFolder,
  record: WorkspaceRecord,
  key: SetUpKey | null,
): Promise<WorkspaceRecord | null> {
  const registered = { ...record, admin: record.name };
  if (!(await giveOut(folder, { ...worktreeOf(record), admin: record.name }, key))) return null;
  await writeRecord(folder.commonDirectory, registered);
  try {
    await writeFiles(folder, registered, await whatStays(folder, record.name, key));
    return registered;
  } catch (error) {
    folder.note(`a slot of the pool could not be used and is deleted: ${String(error)}`);
    await clearLeftovers(folder, record);
    return null;
  }
}

function worktreeOf(record: WorkspaceRecord): { directory: string; commit: string; reason: string } {
  const reason = `orbit: task ${record.key}, attempt ${record.token}`;
  return { directory: record.directory, commit: record.base, reason };
}

/** What an earlier call left when it was killed. It was never given to anybody, so it holds no work. */
async function clearLeftovers(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<void> {
  const exists = (await lstat(record.directory).catch(() => null)) !== null;
  const isOurs = (await readRecord(folder.commonDirectory, record.name)) !== null;
  if (exists && !isOurs) throw failed(record, 'there is already something that Orbit did not make', 'Move it away.');
  if (!isOurs) return;
  await unregisterAll(folder, record.directory);
  await rm(listOf(folder, record.name), { force: true });
  await removeTree(record.directory);
}

/** Made before the worktree: a `worktree add -b` that fails leaves its branch behind and writes tracking config on the way. */
async function createBranch(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<void> {
  const ref = `refs/heads/${record.branch}`;
  if (await folder.repository.moveRefs([{ ref, from: null, to: record.base }])) return;
  const found = await folder.repository.resolve(ref);
  if (found !== record.base) {
    throw failed(
      record,
      `its branch ${record.branch} is already at ${found ?? 'nothing'}`,
      'Start a new attempt instead.',
    );
  }
}

/** @param stays of the last user's ignored files, `null` where there was no user. */
async function writeFiles(
  folder: WorkspaceFolder,
  record: WorkspaceRecord,
  stays: readonly string[] | null,
): Promise<void> {
  const gitDir = adminDirectory(folder.commonDirectory, record);
  const fault = record.admin === null ? null : await faultOfWorktree(folder, record.admin, record.directory);
  if (gitDir === null || fault !== null) throw unsafe(record.directory, fault ?? 'it is not registered');
  const order = { gitDir, directory: record.directory, at: { branch: record.branch } };
  await withLock(folder, checkoutLocks(folder), async () =>
    writeCheckout({ ...order, isUsed: stays !== null, stay: stays ?? [] }),
  );
}

/** The files of an earlier attempt that it had not committed. */
async function layUncommitted(folder: WorkspaceFolder, record: WorkspaceRecord, tree: string): Promise<void> {
  const gitDir = adminDirectory(folder.commonDirectory, record);
  if (gitDir === null) throw unsafe(record.directory, 'it is not registered');
  await withLock(folder, checkoutLocks(folder), async () => layFiles({ gitDir, directory: record.directory }, tree));
}

function newRecord(folder: WorkspaceFolder, order: WorkspaceOrder): WorkspaceRecord {
  const { branch, workspace: name } = attemptNames(order.task, order.token);
  return {
    key: order.task,
    token: order.token,
    name,
    directory: join(folder.root, name),
    branch,
    base: order.start ?? order.base,
    ...((order.start ?? order.base) === order.base ? {} : { carried: true }),
    admin: null,
    ready: false,
    brought: [],
  };
}

/** Names go into refs and paths, the base into an argument: the last look before they do. */
function refuseBadOrder({ task, token, base, start, uncommitted }: WorkspaceOrder): void {
  refuseBadNames(task, token);
  const fault = [base, start ?? base, uncommitted ?? base].find((id) => !isObjectId(id));
  if (fault !== undefined)
    throw new UsageError('bad-id', `${JSON.stringify(fault)} is no commit id`, 'Give all its digits.');
}

export function refuseBadNames(task: string, token: number): void {
  const { plan, task: name } = keyParts(task as WorkspaceOrder['task']);
  const fault = (task.includes('/') ? nameFault(plan) : 'it names no plan') ?? nameFault(name);
  if (fault !== null) {
    throw new UsageError(
      'bad-id',
      `task ${JSON.stringify(task)} cannot have a workspace: ${fault}`,
      'Use <plan>/<task>.',
    );
  }
  if (!Number.isSafeInteger(token) || token < 0) {
    throw new UsageError('bad-id', `${token} is no token`, 'Tokens are whole numbers that Orbit gives out.');
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() === true;
}

function failed(record: WorkspaceRecord, why: string, hint: string): OperationalError {
  return new OperationalError('workspace-failed', `workspace ${record.directory} cannot be made: ${why}`, { hint });
}
