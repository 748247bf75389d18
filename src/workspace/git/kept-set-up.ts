/**
 * The set-up of one directory: whether what it makes lies there already, and keeping it when it has run (P11).
 *
 * Two ways save running it: what the last user of the same directory had is still there and untouched, or a template is copied. Both only
 * if the key is equal, and both proven by a list of every file (see `file-list.ts`). Invariant: in doubt nothing of an earlier set-up is
 * there, and it runs. The list of a directory lies outside of it: `<common>/orbit/set-ups/<name>`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SetUpState } from '../workspace.ts';
import { isSameFile, lastChangeMs, listFiles, type ListedFile } from './file-list.ts';
import { inspect } from './inspect.ts';
import { removeTree } from './remove-tree.ts';
import { runGit } from './run-git.ts';
import { setUpKey, type SetUpKey } from './set-up-key.ts';
import { layTemplate, saveTemplate } from './template.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

export interface SetUpPlace {
  /** Of the workspace or check slot. */
  name: string;
  directory: string;
  gitDir: string;
  /** Its next user will find it under another name. */
  moves: boolean;
}

interface KeptList {
  paths: readonly string[];
  files: readonly ListedFile[];
}

/** The key that a set-up has at this tree; `null` where none is to be kept. */
export async function keyAt(
  folder: WorkspaceFolder,
  at: { tree: string; bring: readonly string[] },
): Promise<SetUpKey | null> {
  const setUp = folder.setUp();
  return setUp === null ? null : setUpKey(folder, setUp, at);
}

/** Path of the list that belongs to a directory; its first line is the key. */
export function listOf({ commonDirectory }: WorkspaceFolder, name: string): string {
  return join(commonDirectory, 'orbit', 'set-ups', name);
}

/** The patterns of what stays in a directory when its commit changes: what the same set-up made, and the caches of the settings. */
export async function whatStays(folder: WorkspaceFolder, name: string, key: SetUpKey | null): Promise<string[]> {
  const kept = await readList(listOf(folder, name), key);
  return [...folder.caches, ...(kept?.paths ?? []).map(patternOf)];
}

/** To be called when the directory is at its commit: proves what stayed, or copies a template, or leaves neither. */
export async function beginSetUp(folder: WorkspaceFolder, place: SetUpPlace, key: SetUpKey | null): Promise<boolean> {
  const list = listOf(folder, place.name);
  const kept = await readList(list, key);
  if (kept !== null && (await isUntouched(place, kept))) return true;
  await rm(list, { force: true });
  if (kept !== null) await inPlace(place, ['clean', '-ffdxq', '--', ...kept.paths.map(pathspecOf)]);
  if (key === null || 'doubt' in key) return false;
  const laid = await layTemplate(folder, key.key, place.directory);
  if (laid === null || 'why' in laid) return false;
  writeList(list, key.key, laid);
  return true;
}

/** @param brought files that the set-up did not make. @param isPlain the directory showed its commit, and nothing else, before the set-up. */
export function setUpState(
  folder: WorkspaceFolder,
  place: SetUpPlace,
  found: { key: SetUpKey; isDone: boolean; commit: string; brought: readonly string[]; isPlain: boolean },
): SetUpState {
  const { key, isDone, isPlain } = found;
  const doubt = 'doubt' in key ? key.doubt : isPlain ? null : 'uncommitted work of an earlier attempt lies there';
  return {
    isDone,
    doubt: isDone ? null : doubt,
    keep: async () => {
      if (isDone) return null;
      if (doubt !== null || 'doubt' in key) return doubt;
      try {
        return await keepMade(folder, place, { ...found, key: key.key });
      } catch (error) {
        return String(error);
      }
    },
  };
}

async function keepMade(
  folder: WorkspaceFolder,
  place: SetUpPlace,
  { key, commit, brought }: { key: string; commit: string; brought: readonly string[] },
): Promise<string | null> {
  const { directory, gitDir, name } = place;
  const order = { directory, head: commit, index: join(gitDir, 'index'), exclude: brought.map(patternOf) };
  await using inspection = await inspect(folder.commonDirectory, order);
  const changed = (await inspection.status('all')).entries[0];
  if (changed !== undefined) return `it leaves ${changed.path}, which git does not ignore`;
  const ignored = (await inspection.ignored()).map((path) => path.replace(/\/$/, ''));
  const made = ignored.filter((path) => !brought.includes(path));
  const mixed = made.find((path) => brought.some((file) => file.startsWith(`${path}/`)));
  if (mixed !== undefined) return `${mixed} holds files brought along`;
  if (made.length === 0) return 'it makes nothing in the workspace';
  const files = await listFiles(directory, made);
  const refused = await saveTemplate(folder, key, { directory, paths: made, files });
  if (refused !== null && place.moves) return refused;
  // An edit within one tick of the file system's clock would leave no trace.
  while (Date.now() - lastChangeMs(files) < tickMs) await wait(tickMs);
  writeList(listOf(folder, name), key, { paths: made, files });
  return null;
}

/** The clocks of file systems move every 1 to 10 ms. */
const tickMs = 20;

/** Removes what came to the listed folders since, and tells whether all else is as listed. */
async function isUntouched(place: SetUpPlace, { paths, files }: KeptList): Promise<boolean> {
  const { directory } = place;
  // Files of the commit stand where the set-up's were.
  if ((await inPlace(place, ['ls-files', '-z', '--', ...paths.map(pathspecOf)])).length > 0) return false;
  try {
    const known = new Map(files.map((file) => [file.path, file]));
    const found = await listFiles(directory, paths);
    let gone = '\0';
    let same = 0;
    for (const file of found) {
      if (file.path.startsWith(gone)) continue;
      const listed = known.get(file.path);
      if (listed === undefined) {
        await removeTree(join(directory, file.path));
        gone = `${file.path}/`;
      } else if (isSameFile(listed, file)) same += 1;
      else return false;
    }
    return same === files.length;
  } catch {
    return false;
  }
}

async function inPlace({ directory, gitDir }: SetUpPlace, args: readonly string[]): Promise<Buffer> {
  return (await runGit(args, { gitDir, workTree: directory, cwd: directory })).stdout;
}

function pathspecOf(path: string): string {
  return `:(top,literal)${path}`;
}

async function readList(path: string, key: SetUpKey | null): Promise<KeptList | null> {
  if (key === null || 'doubt' in key) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!text.startsWith(`${key.key}\n`)) return null;
  try {
    return JSON.parse(text.slice(key.key.length + 1)) as KeptList;
  } catch {
    return null;
  }
}

/** The key of a list, without reading the rest of it; `null` where there is no list. */
export async function keyInList(path: string): Promise<string | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
    return buffer.toString('latin1', 0, bytesRead).split('\n')[0] ?? null;
  } finally {
    await file.close();
  }
}

function writeList(path: string, key: string, list: KeptList): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${key}\n${JSON.stringify(list)}`);
}

/** The list goes with the files, wherever they go; one that is not there is no list. */
export async function moveList(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  await rename(from, to).catch(async () => unlink(to).catch(() => undefined));
}

/** A path as a pattern of `.gitignore` that matches nothing else. */
function patternOf(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}`;
}
