/** Reading objects by name. */
import { askReader } from './object-reader.ts';
import type { GitObject } from './batch-parser.ts';

export interface CommitAndTree {
  commit: string;
  tree: string;
}

/**
 * The objects that `names` mean, in their order; `null` for what is not there or not unambiguous.
 * Names are ids, full refs or what git makes of them (`<id>^{commit}`, `<id>:<path>`); one that spans lines is never there.
 * Throws OperationalError `git-failed`.
 */
export async function readObjects(gitDir: string, names: readonly string[]): Promise<(GitObject | null)[]> {
  return askFor(gitDir, names, false);
}

/** The same without the contents, of whatever size: that they can be read to their end is known all the same. */
export async function skimObjects(
  gitDir: string,
  names: readonly string[],
): Promise<(Omit<GitObject, 'content'> | null)[]> {
  return askFor(gitDir, names, true);
}

async function askFor(gitDir: string, names: readonly string[], skim: boolean): Promise<(GitObject | null)[]> {
  const asked = names.filter((name) => isOneLine(name));
  if (asked.length === 0) return names.map(() => null);
  const answers = await askReader(gitDir, asked, skim);
  let next = 0;
  return names.map((name) => (isOneLine(name) ? (answers[next++] ?? null) : null));
}

/** Commits with their trees; `null` for a name that is no commit here. */
export async function readCommits(gitDir: string, names: readonly string[]): Promise<(CommitAndTree | null)[]> {
  const peeled = names.map((name) => (name === '' ? '' : `${name}^{commit}`));
  const objects = await readObjects(gitDir, peeled);
  return objects.map((object) => (object?.type === 'commit' ? { commit: object.id, tree: treeOf(object) } : null));
}

/** Splits what `-z` made, without the empty text after the last NUL. */
export function splitNul(output: Buffer): string[] {
  const parts = output.toString('utf8').split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function isOneLine(name: string): boolean {
  return name !== '' && !/[\n\r\0]/.test(name);
}

/** The tree that a commit names; empty for what is no commit. */
export function treeOf(object: GitObject | null): string {
  return /^tree ([0-9a-f]+)\n/.exec(object?.content.toString('latin1', 0, 80) ?? '')?.[1] ?? '';
}
