/**
 * Whether what a commit adds is whole and well formed, as `git fsck` would say.
 *
 * Git merges what it need not read: a broken tree, or one whose file is missing, would land as it is, and then no clone, push or checkout
 * of the target works any more. Looked at are the commits and trees that are new, and that every new file is there. No process where
 * the work is a plain line of commits: the `git cat-file` that waits is asked.
 */
import type { GitObject } from './batch-parser.ts';
import { entriesByName, rememberTree } from './known-trees.ts';
import { readObjects, skimObjects } from './objects.ts';
import { runGit } from './run-git.ts';
import { linkMode, shown, treeEntries, treeMode, type TreeEntry } from './tree-entries.ts';

/** Why what `to` adds to `from` is not sound, as words about the commit, or `null`. Throws OperationalError `git-failed`. */
export async function soundnessFault(gitDir: string, from: string, to: string): Promise<string | null> {
  // What nearly all work comes to, a single commit, is asked for with its trees.
  const [tip, before, after] = await readObjects(gitDir, [to, `${from}^{tree}`, `${to}^{tree}`]);
  const commits = await newCommits(gitDir, { from, to, tip: tip ?? null });
  if (typeof commits === 'string') return commits;
  for (const { id, content } of commits) {
    const fault = commitFault(content.toString('latin1'));
    if (fault !== null) return `${id.slice(0, 12)} is no well-formed commit: ${fault}`;
  }
  const files = await newFiles(gitDir, before ?? null, after ?? null);
  if (typeof files === 'string') return files;
  const missing = await missingFile(gitDir, files);
  return missing === null ? modulesFault(gitDir, files) : `the content of ${shown(missing)} is not in this repository`;
}

/** Commits of a plain line that are read one by one; a longer or branching history is listed by git. */
const lineLengthMax = 64;
/** Objects asked for at once: bounds what is held of them. */
const askedMax = 256;

async function newCommits(
  gitDir: string,
  { from, to, tip }: { from: string; to: string; tip: GitObject | null },
): Promise<GitObject[] | string> {
  const line: GitObject[] = [];
  for (let at = to; at !== from;) {
    const commit = at === to ? tip : (await readObjects(gitDir, [at]))[0];
    if (commit?.type !== 'commit') return `${at} is no commit of this repository`;
    line.push(commit);
    const [parent, ...others] = parentsOf(commit);
    if (parent === undefined || others.length > 0 || line.length >= lineLengthMax) return listed(gitDir, from, to);
    at = parent;
  }
  return line;
}

function parentsOf({ content }: GitObject): string[] {
  const header = content.toString('latin1').split('\n\n', 1)[0] ?? '';
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id = '']) => id);
}

async function listed(gitDir: string, from: string, to: string): Promise<GitObject[]> {
  const args = ['rev-list', '--end-of-options', `${from}..${to}`];
  const ids = (await runGit(args, { gitDir })).stdout.toString('utf8').split('\n').slice(0, -1);
  const found: GitObject[] = [];
  for (const part of partsOf(ids)) for (const object of await readObjects(gitDir, part)) if (object) found.push(object);
  return found;
}

/** A name, an address, a time in seconds, an offset: what every other git insists on. */
const person = String.raw`[^<>\n]* <[^<>\n]*> (?:0|[1-9]\d{0,14}) [+-]\d{4}`;
const commitHeader = new RegExp(
  `^tree [0-9a-f]+\\n(?:parent [0-9a-f]+\\n)*author ${person}\\ncommitter ${person}\\n(?!author |committer |tree |parent )`,
);

function commitFault(text: string): string | null {
  const end = text.indexOf('\n\n');
  const header = end < 0 ? text : text.slice(0, end + 1);
  if (header.includes('\0')) return 'a NUL in its header';
  return commitHeader.test(header) ? null : 'its author, committer or dates are not what git writes';
}

interface Pair {
  path: string;
  /** `null`: all below is new. */
  before: string | null;
  after: string;
}

interface NewFile {
  path: string;
  id: string;
  mode: string;
}

/** Level by level, only what differs. Answers the files that are new, or a fault. */
async function newFiles(
  gitDir: string,
  before: GitObject | null,
  after: GitObject | null,
): Promise<NewFile[] | string> {
  const top = compare(gitDir, { path: '', before: before?.id ?? null, tree: after, old: before });
  if (typeof top === 'string') return top;
  const { files } = top;
  for (let level = top.folders; level.length > 0;) {
    const next: Pair[] = [];
    for (const part of partsOf(level)) {
      const asked = part.flatMap((pair) => [pair.after, pair.before ?? pair.after]);
      const objects = await readObjects(gitDir, asked);
      for (const [index, pair] of part.entries()) {
        const [tree = null, old = null] = objects.slice(2 * index, 2 * index + 2);
        const found = compare(gitDir, { ...pair, tree, old });
        if (typeof found === 'string') return found;
        files.push(...found.files);
        next.push(...found.folders);
      }
    }
    level = next;
  }
  return files;
}

function compare(
  gitDir: string,
  { path, before, tree, old }: Pick<Pair, 'path' | 'before'> & { tree: GitObject | null; old: GitObject | null },
): { files: NewFile[]; folders: Pair[] } | string {
  if (tree?.type !== 'tree') return `${shown(path)} is no folder of this repository, or has too many entries`;
  const entries = treeEntries(tree);
  if (typeof entries === 'string') return `the folder ${shown(path)} is not well formed: ${entries}`;
  const known = before !== null && old?.type === 'tree' ? treeEntries(old) : [];
  // Admission and merge ask for the same folders next.
  rememberTree(gitDir, tree.id, entriesByName(entries));
  if (old?.type === 'tree' && typeof known !== 'string') rememberTree(gitDir, old.id, entriesByName(known));
  const [files, folders]: [NewFile[], Pair[]] = [[], []];
  for (const { name, id, mode, beforeTree } of changed(entries, typeof known === 'string' ? [] : known)) {
    const place = path === '' ? name : `${path}/${name}`;
    if (mode === treeMode) folders.push({ path: place, before: beforeTree, after: id });
    // Content of another repository (a submodule) need not be here.
    else if (mode !== linkMode) files.push({ path: place, id, mode });
  }
  return { files, folders };
}

/** So few files are asked for by their content, which costs no process. */
const readFilesMax = 64;

async function missingFile(gitDir: string, files: readonly NewFile[]): Promise<string | null> {
  let doubtful = files;
  if (files.length <= readFilesMax) {
    const found = await skimObjects(
      gitDir,
      files.map(({ id }) => id),
    );
    doubtful = files.filter((_, index) => found[index]?.type !== 'blob');
  }
  if (doubtful.length === 0) return null;
  const input = doubtful.map(({ id }) => `${id}\n`).join('');
  const { stdout } = await runGit(['cat-file', '--batch-check=%(objecttype)'], { gitDir, input });
  const types = stdout.toString('utf8').split('\n');
  return doubtful.find((_, index) => types[index] !== 'blob')?.path ?? null;
}

function changed(
  entries: readonly TreeEntry[],
  known: readonly TreeEntry[],
): (TreeEntry & { beforeTree: string | null })[] {
  const old = new Map(known.map((entry) => [entry.name, entry]));
  return entries.flatMap((entry) => {
    const before = old.get(entry.name);
    if (before?.id === entry.id && before.mode === entry.mode) return [];
    return [{ ...entry, beforeTree: before?.mode === treeMode ? before.id : null }];
  });
}

/** What every other git refuses of `.gitmodules`: a program for an address, an option for a path, a name that leads away. */
async function modulesFault(gitDir: string, files: readonly NewFile[]): Promise<string | null> {
  for (const { path, id, mode } of files.filter((file) => /(?:^|\/)\.gitmodules$/i.test(file.path))) {
    if (mode === '120000') return `${shown(path)} is a link`;
    const text = (await readObjects(gitDir, [id]))[0]?.content.toString('latin1') ?? '';
    const line = /^[ \t]*(?:update[ \t]*=[ \t"]*!|(?:url|path)[ \t]*=[ \t"]*-|\[submodule ".*\.\.[/"\\]).*$/im.exec(
      text,
    )?.[0];
    if (line !== undefined) return `${shown(path)} has what no git takes: ${shown(line.trim())}`;
  }
  return null;
}

function* partsOf<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += askedMax) yield all.slice(at, at + askedMax);
}

/** Work is looked at again in every train that it waits for; what was sound stays so. */
export function rememberSound(
  look: (from: string, to: string) => Promise<string | null>,
): (from: string, to: string) => Promise<string | null> {
  const sound = new Set<string>();
  return async (from, to) => {
    const key = `${from} ${to}`;
    if (sound.has(key)) return null;
    const fault = await look(from, to);
    if (fault === null) {
      if (sound.size >= rememberedMax) sound.clear();
      sound.add(key);
    }
    return fault;
  };
}

const rememberedMax = 10_000;
