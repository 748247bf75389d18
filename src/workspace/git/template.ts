/**
 * Templates: what a set-up made, once per key, to be copied into other directories: `<common>/orbit/templates/<key>/{files,list.json}`.
 *
 * Invariant: a template holds what the set-up itself made, before any agent or check ran there, and is used only while a look at every
 * file shows that nobody touched it since. What cannot be copied (it names the folder it was made in, as virtual environments do) is
 * noted under the same key, so that it is not tried each time.
 */
import { mkdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFiles } from './copy-files.ts';
import { listFiles, pacer, type ListedFile } from './file-list.ts';
import { makeOwnFolder } from './own-folder.ts';
import { nextName, scratchFolder } from './scratch.ts';
import { removeTree } from './remove-tree.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

interface TemplateList {
  /** The paths that the set-up made: files, or folders with all in them. */
  paths: readonly string[];
  /** As they lie in the template. */
  files: readonly ListedFile[];
  /** Why it cannot be copied, `null` if it can. */
  refused: string | null;
}

export function templateFolder({ commonDirectory }: Pick<WorkspaceFolder, 'commonDirectory'>): string {
  return join(commonDirectory, 'orbit', 'templates');
}

/** Makes a template of `files`, listed in `directory`. Answers why it cannot be one, or `null`. Throws errors of the file system. */
export async function saveTemplate(
  folder: WorkspaceFolder,
  key: string,
  { directory, paths, files }: { directory: string; paths: readonly string[]; files: readonly ListedFile[] },
): Promise<string | null> {
  const home = templateFolder(folder);
  const known = await readTemplate(join(home, key));
  if (known !== null) return known.refused;
  const refused = await boundTo(directory, files);
  await makeOwnFolder(home);
  // What a kill leaves of it is swept with the other scratch files.
  const draft = join(scratchFolder(folder.commonDirectory), nextName());
  try {
    mkdirSync(join(draft, 'files'), { recursive: true });
    if (refused === null) await copyFiles(files, directory, join(draft, 'files'));
    const list: TemplateList = {
      paths,
      files: refused === null ? await listFiles(join(draft, 'files'), paths) : [],
      refused,
    };
    writeFileSync(join(draft, 'list.json'), JSON.stringify(list));
    await rename(draft, join(home, key));
  } catch (error) {
    await removeTree(draft);
    const { code } = error as NodeJS.ErrnoException;
    // Another process was quicker.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  return refused;
}

/**
 * Copies the template of a key into a directory; answers the list of what lies there now, or a reason, and then nothing was left there.
 */
export async function layTemplate(
  folder: WorkspaceFolder,
  key: string,
  directory: string,
): Promise<{ paths: readonly string[]; files: readonly ListedFile[] } | { why: string } | null> {
  const home = join(templateFolder(folder), key);
  const template = await readTemplate(home);
  if (template === null) return null;
  const { paths, files, refused } = template;
  if (refused !== null) return { why: refused };
  try {
    await copyFiles(files, join(home, 'files'), directory);
    const now = new Date();
    // The oldest use goes first when space is short.
    utimesSync(join(home, 'list.json'), now, now);
    return { paths, files: await listFiles(directory, paths) };
  } catch (error) {
    folder.note(`the template ${home} is not used and removed: ${String(error)}`);
    await removeTree(home);
    return null;
  }
}

async function readTemplate(home: string): Promise<TemplateList | null> {
  const text = await readFile(join(home, 'list.json'), 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text) as TemplateList | null;
  } catch {
    return null;
  }
}

/** Why what was made in a directory would be wrong in another: it names it. Reads every file, once per key. */
async function boundTo(directory: string, files: readonly ListedFile[]): Promise<string | null> {
  const name = Buffer.from(directory);
  const yielding = pacer();
  for (const { path, kind, stamp } of files) {
    await yielding();
    if (kind === 'link' && readlinkSync(join(directory, path)).startsWith(directory)) return `${path} leads back here`;
    if (kind !== 'file') continue;
    if (Number(stamp.split(' ')[1]) > fileBytesMax) return `${path} is too large to look through`;
    if (readFileSync(join(directory, path)).includes(name)) return `${path} names the folder that it was made in`;
  }
  return null;
}

/** Read whole to look through it; larger ones are models and images of systems. */
const fileBytesMax = 536_870_912;
