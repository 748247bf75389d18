/**
 * What changed between two commits, with modes and ids, and the text of changed files.
 *
 * Both come from the object database: neither attributes, filters nor a working directory have a part in it.
 */
import type { ChangeKind, PathChange } from '../../core/path-change.ts';
import { readCommits, readObjects, splitNul } from './objects.ts';
import { runGit } from './run-git.ts';
import { diffTrees } from './tree-diff.ts';

/** Arguments that tell differing paths of two commits, a rename as two. Neither external diffs nor text conversion can run. */
export function diffTree(how: '--name-only' | '--raw' | '--numstat', from: string, to: string): string[] {
  return [
    'diff-tree',
    '-r',
    '-z',
    how,
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    // A setting in the repository's config or in .gitmodules would hide changed submodules.
    '--ignore-submodules=none',
    '--end-of-options',
    from,
    to,
  ];
}

/** No process for an ordinary change, one for a large one. Throws OperationalError `git-failed`. */
export async function readChanges(gitDir: string, from: string, to: string): Promise<PathChange[]> {
  if (from === to) return [];
  const [before, after] = await readCommits(gitDir, [from, to]);
  const known = before && after ? await diffTrees(gitDir, before.tree, after.tree) : null;
  return known ?? changesByGit(gitDir, from, to);
}

/** The same by `git diff-tree`. */
export async function changesByGit(gitDir: string, from: string, to: string): Promise<PathChange[]> {
  const parts = splitNul((await runGit(diffTree('--raw', from, to), { gitDir })).stdout);
  const changes: PathChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = (parts[at] ?? '').slice(1).split(' ');
    const path = parts[at + 1] ?? '';
    const [was, is] = [!/^0+$/.test(oldMode), !/^0+$/.test(newMode)];
    changes.push({
      path,
      kind: kinds[status.slice(0, 1)] ?? 'changed',
      oldMode: was ? oldMode : null,
      newMode: is ? newMode : null,
      oldId: was ? oldId : null,
      newId: is ? newId : null,
    });
  }
  return changes;
}

const kinds: Readonly<Record<string, ChangeKind>> = {
  A: 'added',
  D: 'deleted',
  M: 'changed',
  T: 'type-changed',
};

/** One process, which compares contents: for people who look, not for rules. */
export async function countLines(
  gitDir: string,
  from: string,
  to: string,
): Promise<{ added: number; removed: number }> {
  const rows = splitNul((await runGit(diffTree('--numstat', from, to), { gitDir })).stdout);
  const counts = { added: 0, removed: 0 };
  for (const row of rows) {
    const [, added, removed] = /^(\d+)\t(\d+)\t/.exec(row) ?? [];
    counts.added += Number(added ?? 0);
    counts.removed += Number(removed ?? 0);
  }
  return counts;
}

/**
 * Contents by id; an id that is no blob here is left out, and what would make more than `textsBytesMax` together: the smaller ones are
 * read. No process without ids.
 */
export async function readTexts(gitDir: string, wanted: readonly string[]): Promise<Map<string, string>> {
  const ids = await affordable(gitDir, wanted);
  const objects = await readObjects(gitDir, ids);
  const texts = new Map<string, string>();
  for (const [at, object] of objects.entries()) {
    const id = ids[at];
    if (id !== undefined && object?.type === 'blob') texts.set(id, object.content.toString('utf8'));
  }
  return texts;
}

/** A whole lockfile is read, and thousands of links; an agent may have made any number of huge ones. */
const textsBytesMax = 33_554_432;

async function affordable(gitDir: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const format = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
  const { stdout } = await runGit(['cat-file', format], { gitDir, input: `${ids.join('\n')}\n` });
  const sized = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, size] = /^([0-9a-f]+) blob (\d+)$/.exec(line) ?? [];
      return id === undefined ? [] : [{ id, size: Number(size) }];
    });
  let bytes = 0;
  const small = sized.toSorted((a, b) => a.size - b.size).filter(({ size }) => (bytes += size) <= textsBytesMax);
  return small.map(({ id }) => id);
}
