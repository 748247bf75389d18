/**
 * The merge of two trees without a process of git, where nothing has to be decided: no entry was changed by both sides.
 *
 * Invariant: the tree is the one that `git merge-tree` would write. Only what their side changed is walked, folder by folder: an entry
 * that our side left as the base has it becomes theirs, a folder that both changed is looked into, and anything else is left to git.
 * Git's search for renames can come to another result only where one side changed what the other moved: a file that was moved away
 * (gone on one side, changed on the other), a folder that was moved whole (the same), a name that a file was moved to (changed by
 * both). Each of them is an entry that both sides changed and that is no folder on both, so each is left to git. No content is
 * read or merged here, so attributes, merge drivers and filters have no say.
 */
import { join } from 'node:path';
import { isShared, looseObject, writeLoose } from './loose-object.ts';
import { readTrees, rememberTree, type Entries } from './known-trees.ts';
import { treeMode, type TreeEntry } from './tree-entries.ts';

/** Ids of trees; `null`: a folder that is not there. */
interface Sides {
  base: string | null;
  ours: string;
  theirs: string;
}

/** `null` where git has to be asked. Throws OperationalError `git-failed`, and what the file system refuses. */
export async function mergeTrees(commonDirectory: string, top: Sides & { base: string }): Promise<string | null> {
  if (top.ours === top.base) return top.theirs;
  if (top.theirs === top.base) return top.ours;
  if (isShared(commonDirectory)) return null;
  const merged = await mergeFolder(commonDirectory, top, { left: foldersMax });
  // A tree without any file: git has a word to say about that.
  return merged === undefined || merged === '' ? null : merged;
}

const noEntries: Entries = new Map();

/** A larger folder costs git less than Orbit. */
const entriesMax = 8_192;

/** Folders that both sides changed; more cost more, one by one, than a process. */
const foldersMax = 128;

/** The id of the merged folder, empty if nothing is left in it; `undefined` where git has to be asked. */
async function mergeFolder(
  commonDirectory: string,
  { base, ours, theirs }: Sides,
  budget: { left: number },
): Promise<string | undefined> {
  budget.left -= 1;
  if (budget.left < 0) return undefined;
  const [our, their, was = noEntries] = await readTrees(
    commonDirectory,
    base === null ? [ours, theirs] : [ours, theirs, base],
  );
  if (!was || !our || !their || our.size > entriesMax) return undefined;
  const merged = new Map(our);
  for (const name of new Set([...was.keys(), ...their.keys()])) {
    const [before, mine, other] = [was.get(name), our.get(name), their.get(name)];
    if (isSame(before, other)) continue;
    if (isSame(before, mine)) put(merged, name, other);
    else {
      const sides = foldersOf(before, mine, other);
      const id = sides === null ? undefined : await mergeFolder(commonDirectory, sides, budget);
      if (id === undefined) return undefined;
      put(merged, name, id === '' ? undefined : { mode: treeMode, name, id });
    }
  }
  return merged.size === 0 ? '' : writeTree(commonDirectory, merged, ours);
}

function isSame(one: TreeEntry | undefined, other: TreeEntry | undefined): boolean {
  return one?.id === other?.id && one?.mode === other?.mode;
}

function put(entries: Map<string, TreeEntry>, name: string, entry: TreeEntry | undefined): void {
  if (entry === undefined) entries.delete(name);
  else entries.set(name, entry);
}

/** An entry that both changed, if it is a folder to both and was none but a folder. The same change twice is git's, too: it may be a move. */
function foldersOf(
  before: TreeEntry | undefined,
  mine: TreeEntry | undefined,
  other: TreeEntry | undefined,
): Sides | null {
  if (mine?.mode !== treeMode || other?.mode !== treeMode || mine.id === other.id) return null;
  if (before !== undefined && before.mode !== treeMode) return null;
  return { base: before?.id ?? null, ours: mine.id, theirs: other.id };
}

function writeTree(commonDirectory: string, entries: Entries, like: string): string {
  // Git orders a folder as if its name ended in a slash.
  const keyed = [...entries.values()].map(
    (entry) => [`${entry.name}${entry.mode === treeMode ? '/' : ''}`, entry] as const,
  );
  keyed.sort(([a], [b]) => (a < b ? -1 : 1));
  const body = keyed.flatMap(([, { mode, name, id }]) => [
    Buffer.from(`${mode} ${name}\0`, 'latin1'),
    Buffer.from(id, 'hex'),
  ]);
  const tree = looseObject('tree', Buffer.concat(body), like);
  writeLoose(join(commonDirectory, 'objects'), tree);
  rememberTree(commonDirectory, tree.id, entries);
  return tree.id;
}
