/**
 * Folders as git stores them, read once: a chain merges onto what was written just before, and all of its work began from much the
 * same trees.
 *
 * An id stands for the same entries for ever, so what is known stays true. It does not say that the folder is still in the repository:
 * whoever has to know that reads objects (soundness.ts).
 */
import type { GitObject } from './batch-parser.ts';
import { readObjects } from './objects.ts';
import { treeEntries, type TreeEntry } from './tree-entries.ts';

/** By name. */
export type Entries = ReadonlyMap<string, TreeEntry>;

const known = new Map<string, Entries>();
let knownEntries = 0;

/** Some 20 MB. */
const knownEntriesMax = 65_536;
/** One larger folder would push out all others. */
const entriesMax = 6_554;

/** Folders by id, in order; `null` for what is not there or not as git writes it. No process. Throws OperationalError `git-failed`. */
export async function readTrees(gitDir: string, ids: readonly string[]): Promise<(Entries | null)[]> {
  const found = ids.map((id) => recall(gitDir, id));
  const missing = [...new Set(ids.filter((_, index) => found[index] === undefined))];
  const objects = await readObjects(gitDir, missing);
  const read = new Map(missing.map((id, index) => [id, entriesOf(gitDir, objects[index] ?? null)]));
  return ids.map((id, index) => found[index] ?? read.get(id) ?? null);
}

/** Keeps what was read or written just now. */
export function rememberTree(gitDir: string, id: string, entries: Entries): void {
  const key = keyOf(gitDir, id);
  // An older mode, which git shows and writes as another than is stored, is left to git.
  if (entries.size > entriesMax || known.has(key) || hasOldMode(entries)) return;
  known.set(key, entries);
  knownEntries += entries.size + 1;
  for (const [old, { size }] of known) {
    if (knownEntries <= knownEntriesMax) break;
    known.delete(old);
    knownEntries -= size + 1;
  }
}

export function entriesByName(entries: readonly TreeEntry[]): Entries {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function entriesOf(gitDir: string, object: GitObject | null): Entries | null {
  const list = object?.type === 'tree' ? treeEntries(object) : 'no tree';
  if (object === null || typeof list === 'string') return null;
  const entries = entriesByName(list);
  if (hasOldMode(entries)) return null;
  rememberTree(gitDir, object.id, entries);
  return entries;
}

function hasOldMode(entries: Entries): boolean {
  for (const { mode } of entries.values()) if (mode === '100664') return true;
  return false;
}

function recall(gitDir: string, id: string): Entries | undefined {
  const key = keyOf(gitDir, id);
  const entries = known.get(key);
  if (entries === undefined) return undefined;
  // To the end of the line: what is used stays.
  known.delete(key);
  known.set(key, entries);
  return entries;
}

function keyOf(gitDir: string, id: string): string {
  return `${gitDir}\0${id}`;
}
