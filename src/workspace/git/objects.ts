/** Reading objects by name, many in one process. */
import { assert } from '../../platform/error.ts';
import { runGit } from './run-git.ts';

export interface GitObject {
  id: string;
  type: 'commit' | 'tree' | 'blob' | 'tag';
  content: Buffer;
}

export interface CommitAndTree {
  commit: string;
  tree: string;
}

/**
 * The objects that `names` mean, in their order; `null` for what is not there or not unambiguous. One process for all of them.
 * Names are ids, full refs or what git makes of them (`<id>^{commit}`, `<id>:<path>`); one that spans lines is never there.
 */
export async function readObjects(gitDir: string, names: readonly string[]): Promise<(GitObject | null)[]> {
  const asked = names.filter((name) => isOneLine(name));
  if (asked.length === 0) return names.map(() => null);
  const { stdout } = await runGit(['cat-file', '--batch'], { gitDir, input: `${asked.join('\n')}\n` });
  const answers = parseBatch(stdout);
  assert(answers.length === asked.length, 'cat-file gave as many answers as it got names');
  let next = 0;
  return names.map((name) => (isOneLine(name) ? (answers[next++] ?? null) : null));
}

/** Commits with their trees; `null` for a name that is no commit here. */
export async function readCommits(gitDir: string, names: readonly string[]): Promise<(CommitAndTree | null)[]> {
  const peeled = names.map((name) => (name === '' ? '' : `${name}^{commit}`));
  const objects = await readObjects(gitDir, peeled);
  return objects.map((object) =>
    object?.type === 'commit' ? { commit: object.id, tree: treeOf(object.content) } : null,
  );
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

/** `<id> <type> <size>\n<content>\n` for what is there, else the name and what is wrong with it on one line. */
function parseBatch(output: Buffer): (GitObject | null)[] {
  const answers: (GitObject | null)[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const line = output.toString('utf8', at, end);
    const found = /^([0-9a-f]+) (commit|tree|blob|tag) (\d+)$/.exec(line);
    at = end + 1;
    if (found === null) {
      answers.push(null);
      continue;
    }
    const [, id = '', type, size] = found;
    answers.push({ id, type: type as GitObject['type'], content: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return answers;
}

function treeOf(content: Buffer): string {
  return /^tree ([0-9a-f]+)\n/.exec(content.toString('latin1', 0, 80))?.[1] ?? '';
}
