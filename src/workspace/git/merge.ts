/**
 * Merging two commits in the object database.
 *
 * `git merge-tree` answers 1 both for a conflict and for a name it does not know, so both are resolved first, and a conflict is exit
 * code 1 together with a tree. It reads attributes from a work tree, where there is none here: the top `.gitattributes` of `ours` is
 * given to it as `info/attributes`, so that `merge=union` and `-merge` hold. Those in folders are not seen. Merge drivers are programs
 * named in config; only those of the user's own config are known here (see scratch.ts), others merge as text.
 */
import { OperationalError } from '../../platform/error.ts';
import type { Merge } from '../repository.ts';
import { commitEnvironment, orbitIdentity } from './identity.ts';
import { isObjectId, readObjects, type GitObject } from './objects.ts';
import type { GitResult } from './run-git.ts';
import { makeScratch, type Scratch } from './scratch.ts';

/**
 * Two processes: one reads both commits and the attributes, one merges. With `base` two more: git 2.39 takes no base as an argument,
 * so each side stands in as a commit of its tree directly on that base.
 */
export async function mergeCommits(
  commonDirectory: string,
  { ours, theirs, base }: { ours: string; theirs: string; base: string | undefined },
): Promise<Merge> {
  const names = [
    `${ours}^{commit}`,
    `${theirs}^{commit}`,
    `${ours}:.gitattributes`,
    ...(base === undefined ? [] : [`${base}^{commit}`]),
  ];
  const [one, other, attributes, bottom] = await readObjects(commonDirectory, names);
  const sides = [
    { name: ours, id: commitId(one) },
    { name: theirs, id: commitId(other) },
    ...(base === undefined ? [] : [{ name: base, id: commitId(bottom) }]),
  ];
  const missing = sides.find(({ id }) => id === null);
  if (missing !== undefined) {
    throw new OperationalError(
      'git-failed',
      `cannot merge ${ours} and ${theirs}: ${missing.name} is no commit of this repository`,
      {
        hint: 'It may have been removed by a garbage collection; run `git fsck`, then submit the work again.',
      },
    );
  }
  await using scratch = await makeScratch(
    commonDirectory,
    attributes?.type === 'blob' ? { attributes: attributes.content } : {},
  );
  const [left = '', right = '', onto] = sides.map(({ id }) => id ?? '');
  const pair =
    onto === undefined ? [left, right] : await Promise.all([left, right].map(async (id) => standIn(scratch, id, onto)));
  const args = ['merge-tree', '--write-tree', '-z', '--messages', '--end-of-options', ...pair];
  return readAnswer(await scratch.run(args, { accept: [0, 1] }));
}

function commitId(object: GitObject | null | undefined): string | null {
  return object?.type === 'commit' ? object.id : null;
}

/** A commit of `commit`'s tree with `parent` as its only parent; the same each time. */
async function standIn(scratch: Scratch, commit: string, parent: string): Promise<string> {
  const args = ['commit-tree', '-p', parent, `${commit}^{tree}`];
  const environment = commitEnvironment(orbitIdentity, 0);
  return (await scratch.run(args, { input: 'stand-in\n', environment })).stdout.toString('utf8').trim();
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
