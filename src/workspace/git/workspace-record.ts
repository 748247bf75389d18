/**
 * What Orbit noted about each workspace it made: `<common>/orbit/workspaces/<task>-<token>.json`.
 *
 * Written before the workspace is made and removed after it is gone, so that one without a record was never Orbit's. It says where
 * the workspace's git directory is, whatever the workspace itself claims.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskKey } from '../../core/id.ts';

export interface WorkspaceRecord {
  key: TaskKey;
  token: number;
  name: string;
  directory: string;
  branch: string;
  base: string;
  /** It began with work of an earlier attempt, which counts as its own: `base` is not the plain one. */
  carried?: boolean;
  /** Name of its folder in `<common>/worktrees`; `null` until it is registered. */
  admin: string | null;
  /** Its files are complete; only then it is given to anybody. */
  ready: boolean;
  /** Files brought along from the main checkout: ignored in looks and snapshots, for they may hold secrets. */
  brought: readonly string[];
}

export async function readRecord(commonDirectory: string, name: string): Promise<WorkspaceRecord | null> {
  try {
    const record = JSON.parse(await readFile(pathOf(commonDirectory, name), 'utf8')) as unknown;
    return isRecord(record) && record.name === name ? record : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export async function writeRecord(commonDirectory: string, record: WorkspaceRecord): Promise<void> {
  const path = pathOf(commonDirectory, record.name);
  // Only the holder of the workspace's lock writes, so the draft needs no name of its own.
  const draft = `${path}.draft`;
  await mkdir(folderOf(commonDirectory), { recursive: true });
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`);
  await rename(draft, path);
}

export async function removeRecord(commonDirectory: string, name: string): Promise<void> {
  await rm(pathOf(commonDirectory, name), { force: true });
}

export async function allRecords(commonDirectory: string): Promise<WorkspaceRecord[]> {
  const files = await readdir(folderOf(commonDirectory)).catch(() => []);
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  const records = await Promise.all(names.sort().map(async (name) => readRecord(commonDirectory, name)));
  return records.filter((record) => record !== null);
}

/** The git directory of a workspace, `null` until it is registered. */
export function adminDirectory(commonDirectory: string, record: WorkspaceRecord): string | null {
  return record.admin === null ? null : join(commonDirectory, 'worktrees', record.admin);
}

function folderOf(commonDirectory: string): string {
  return join(commonDirectory, 'orbit', 'workspaces');
}

function pathOf(commonDirectory: string, name: string): string {
  return join(folderOf(commonDirectory), `${name}.json`);
}

function isRecord(value: unknown): value is WorkspaceRecord {
  const { key, token, name, directory, branch, base, admin, ready, brought } = (value ??
    {}) as Partial<WorkspaceRecord>;
  const texts = [key, name, directory, branch, base].every((text) => typeof text === 'string');
  // A folder name, never a path: it is joined to `<common>/worktrees`.
  const isAdmin = admin === null || (typeof admin === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(admin));
  return texts && isAdmin && Number.isSafeInteger(token) && typeof ready === 'boolean' && Array.isArray(brought);
}
