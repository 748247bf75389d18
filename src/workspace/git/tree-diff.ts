/**
 * What two trees differ in, without a process of git: landing asks for it once per task, and most changes touch a few folders.
 *
 * Reads only the folders that differ, level by level, and only those that are not known (known-trees.ts). Large or odd changes are left to
 * `git diff-tree`, whose answer this one equals.
 */
import type { PathChange } from '../../core/path-change.ts';
import { readTrees } from './known-trees.ts';
import { treeMode, type TreeEntry } from './tree-entries.ts';

/** More folders than this cost more, one by one, than a process. */
const foldersMax = 512;
/** Folders asked for at once: bounds what is held of them. */
const askedMax = 128;

interface Pair {
  /** Bytes as characters, with a slash at its end unless it is the top. */
  path: string;
  before: string | null;
  after: string | null;
}

/** The changes in the order of their paths; `null` where git has to be asked. @param before, after ids of trees. */
export async function diffTrees(gitDir: string, before: string, after: string): Promise<PathChange[] | null> {
  const changes: { path: string; before: TreeEntry | null; after: TreeEntry | null }[] = [];
  let folders = 0;
  for (let level: Pair[] = [{ path: '', before, after }]; level.length > 0;) {
    const next: Pair[] = [];
    folders += level.length;
    if (folders > foldersMax) return null;
    for (let at = 0; at < level.length; at += askedMax) {
      const part = level.slice(at, at + askedMax);
      const ids = part.flatMap((pair) => [pair.before, pair.after]).filter((id) => id !== null);
      const read = await readTrees(gitDir, ids);
      const trees = new Map(ids.map((id, index) => [id, read[index] ?? null]));
      for (const pair of part) {
        const was = pair.before === null ? new Map<string, TreeEntry>() : (trees.get(pair.before) ?? null);
        const is = pair.after === null ? new Map<string, TreeEntry>() : (trees.get(pair.after) ?? null);
        if (was === null || is === null) return null;
        for (const name of new Set([...was.keys(), ...is.keys()])) {
          const [one, other] = [was.get(name) ?? null, is.get(name) ?? null];
          if (one?.id === other?.id && one?.mode === other?.mode) continue;
          const path = `${pair.path}${name}`;
          const [oldTree, newTree] = [treeOf(one), treeOf(other)];
          if (oldTree !== null || newTree !== null) next.push({ path: `${path}/`, before: oldTree, after: newTree });
          const [oldFile, newFile] = [oldTree === null ? one : null, newTree === null ? other : null];
          if (oldFile !== null || newFile !== null) changes.push({ path, before: oldFile, after: newFile });
        }
      }
    }
    level = next;
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1)).map(changeOf);
}

function changeOf({
  path,
  before,
  after,
}: {
  path: string;
  before: TreeEntry | null;
  after: TreeEntry | null;
}): PathChange {
  return {
    path: Buffer.from(path, 'latin1').toString('utf8'),
    kind: kindOf(before, after),
    oldMode: before?.mode ?? null,
    newMode: after?.mode ?? null,
    oldId: before?.id ?? null,
    newId: after?.id ?? null,
  };
}

function kindOf(before: TreeEntry | null, after: TreeEntry | null): PathChange['kind'] {
  if (before === null) return 'added';
  if (after === null) return 'deleted';
  return before.mode.slice(0, 2) === after.mode.slice(0, 2) ? 'changed' : 'type-changed';
}

function treeOf(entry: TreeEntry | null): string | null {
  return entry?.mode === treeMode ? entry.id : null;
}
