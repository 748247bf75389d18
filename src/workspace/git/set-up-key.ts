/** The key of a set-up: equal keys mean that it would make the same files. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isManifest, isSetUpInput, manifestDoubt, pathDoubt } from '../../core/set-up-input.ts';
import type { KeptSetUp } from '../workspace.ts';
import { filesToBring } from './bring.ts';
import { readObjects, splitNul } from './objects.ts';
import { runGit } from './run-git.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

export type SetUpKey = { key: string } | { doubt: string };

/**
 * The key of `setUp` at a tree (or commit), over the content of the files that it reads, also of those brought along, or why it has none.
 * One process, and questions to the reader of objects for the manifests. Throws OperationalError `git-…`.
 */
export async function setUpKey(
  folder: WorkspaceFolder,
  setUp: KeptSetUp,
  { tree, bring }: { tree: string; bring: readonly string[] },
): Promise<SetUpKey> {
  const { commonDirectory } = folder;
  const { stdout } = await runGit(['ls-tree', '-r', '-z', '--full-tree', tree], { gitDir: commonDirectory });
  // `mode type id TAB path`.
  const inputs = splitNul(stdout).filter((entry) => isSetUpInput(entry.slice(entry.indexOf('\t') + 1), setUp.reads));
  if (setUp.reads === null) {
    const doubt = await doubtOf(commonDirectory, inputs);
    if (doubt !== null) return { doubt };
  }
  const hash = createHash('sha256');
  for (const part of [setUp.runtime, ...setUp.commands, '', ...inputs]) hash.update(`${part}\0`);
  for (const path of [...(await filesToBring(folder, bring))].sort()) {
    if (!isSetUpInput(path, setUp.reads)) continue;
    hash.update(`${path}\0`).update(await readFile(join(folder.top, path)).catch(() => ''));
  }
  return { key: hash.digest('hex').slice(0, keyLength) };
}

/** Enough that no two set-ups of a project ever share one. */
const keyLength = 40;

async function doubtOf(commonDirectory: string, inputs: readonly string[]): Promise<string | null> {
  const manifests = inputs.map((entry) => {
    const cut = entry.indexOf('\t');
    return { id: entry.slice(0, cut).split(' ')[2] ?? '', path: entry.slice(cut + 1) };
  });
  const program = manifests.map(({ path }) => pathDoubt(path)).find((doubt) => doubt !== null);
  if (program !== undefined) return program;
  const asked = manifests.filter(({ path }) => isManifest(path));
  const objects = await readObjects(
    commonDirectory,
    asked.map(({ id }) => id),
  );
  for (const [index, { path }] of asked.entries()) {
    const doubt = manifestDoubt(path, objects[index]?.content.toString('utf8') ?? '');
    if (doubt !== null) return doubt;
  }
  return null;
}
