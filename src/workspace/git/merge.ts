/**
 * Merging two commits in the object database.
 *
 * `git merge-tree` answers 1 both for a conflict and for a name it does not know, so both are resolved first, and a conflict is exit
 * code 1 together with a tree. It reads attributes from a work tree, where there is none here: the top `.gitattributes` of `ours` is
 * given to it as `info/attributes`, so that `merge=union` and `-merge` hold. Those in folders are not seen. Merge drivers are programs
 * named in config; only those of the user's own config are known here (see scratch.ts), others merge as text.
 */
import { existsSync, rmSync } from 'node:fs';
import { OperationalError } from '../../platform/error.ts';
import type { Merge } from '../repository.ts';
import { writeCommit } from './commit-object.ts';
import { orbitIdentity } from './identity.ts';
import type { GitObject } from './batch-parser.ts';
import { isObjectId, readObjects, treeOf } from './objects.ts';
import type { GitResult } from './run-git.ts';
import { makeScratch, type Scratch } from './scratch.ts';
import { mergeTrees } from './tree-merge.ts';

/**
 * No process where `base` is given and the sides changed nothing in common (tree-merge.ts), else one. Git 2.39 takes no base as an
 * argument, so each side stands in as a commit of its tree directly on that base.
 */
export async function mergeCommits(
  commonDirectory: string,
  { ours, theirs, base }: { ours: string; theirs: string; base: string | undefined },
): Promise<Merge> {
  const commits = base === undefined ? [ours, theirs] : [ours, theirs, base];
  const [attributes, ...found] = await readObjects(commonDirectory, [
    `${ours}:.gitattributes`,
    ...commits.map((name) => `${name}^{commit}`),
  ]);
  const ids = found.map((object, index) => commitId(object) ?? refuse(commits, index));
  const [left = '', right = '', onto] = ids;
  const [ourTree = '', theirTree = '', baseTree] = found.map((object) => treeOf(object));
  if (baseTree !== undefined) {
    const tree = await mergeTrees(commonDirectory, { base: baseTree, ours: ourTree, theirs: theirTree });
    if (tree !== null) return { clean: true, tree };
  }
  const standIn = async (tree: string, parent: string): Promise<string> =>
    writeCommit(commonDirectory, orbitIdentity, { tree, parents: [parent], message: 'stand-in\n', atMs: 0 });
  const pair =
    onto === undefined
      ? [left, right]
      : await Promise.all([ourTree, theirTree].map(async (tree) => standIn(tree, onto)));
  const scratch = await mergeScratch(commonDirectory, attributes?.type === 'blob' ? attributes : null);
  const args = ['merge-tree', '--write-tree', '-z', '--messages', '--end-of-options', ...pair];
  return readAnswer(await scratch.run(args, { accept: [0, 1] }));
}

const scratches = new Map<string, Promise<Scratch>>();
const madeDirectories = new Set<string>();

function removeDirectories(): void {
  for (const directory of madeDirectories) rmSync(directory, { recursive: true, force: true });
}

/** A merge leaves nothing in its scratch directory, so those with equal attributes share one while this process lives. */
async function mergeScratch(commonDirectory: string, attributes: GitObject | null): Promise<Scratch> {
  const key = `${commonDirectory}\0${attributes?.id ?? ''}`;
  const known = await scratches.get(key);
  if (known !== undefined && existsSync(known.directory)) return known;
  const made = makeScratch(commonDirectory, attributes === null ? {} : { attributes: attributes.content });
  scratches.set(key, made);
  // A full disk may be freed: what failed once is tried again.
  made.catch(() => scratches.delete(key));
  const scratch = await made;
  if (madeDirectories.size === 0) process.once('exit', removeDirectories);
  madeDirectories.add(scratch.directory);
  return scratch;
}

function refuse(commits: readonly string[], index: number): never {
  const [ours, theirs] = commits;
  const why = `${commits[index]} is no commit of this repository`;
  throw new OperationalError('git-failed', `cannot merge ${ours} and ${theirs}: ${why}`, {
    hint: 'It may have been removed by a garbage collection; run `git fsck`, then submit the work again.',
  });
}

function commitId(object: GitObject | null | undefined): string | null {
  return object?.type === 'commit' ? object.id : null;
}

/** `tree NUL`, then per conflicted entry `mode id stage TAB path NUL`, an empty field, then `n NUL path×n NUL type NUL text NUL`. */
function readAnswer(result: GitResult): Merge {
  const [tree = '', ...rest] = result.stdout.toString('utf8').split('\0');
  if (!isObjectId(tree)) {
    throw new OperationalError('git-failed', `git merge-tree gave no tree: ${result.stderr.trim()}`, {
      hint: 'git 2.38 or later is needed; `git fsck` finds damage.',
    });
  }
  if (result.exitCode === 0) return { clean: true, tree };
  const end = rest.indexOf('');
  const paths = rest.slice(0, end).map((entry) => entry.slice(entry.indexOf('\t') + 1));
  const messages = readMessages(rest.slice(end + 1));
  // In a clash of file and folder the entry's path is invented; the messages name the real one.
  const named = messages.filter(({ type }) => type.startsWith('CONFLICT')).flatMap((message) => message.paths);
  return {
    clean: false,
    tree,
    paths: [...new Set([...paths, ...named])].sort(),
    messages: messages.filter(({ type }) => type.startsWith('CONFLICT')).map(({ text }) => text.trim()),
  };
}

function readMessages(fields: readonly string[]): { paths: string[]; type: string; text: string }[] {
  const messages = [];
  for (let at = 0; at < fields.length && /^\d+$/.test(fields[at] ?? '');) {
    const count = Number(fields[at]);
    const paths = fields.slice(at + 1, at + 1 + count);
    const [type = '', text = ''] = fields.slice(at + 1 + count);
    messages.push({ paths, type, text });
    at += count + 3;
  }
  return messages;
}
