/**
 * What many pairs of commits differ in, by one process.
 *
 * Renames are told as the two paths they are: whoever looks for collisions needs both, and comparing contents is dear.
 */
import { limits } from '../../core/limits.ts';
import type { Changes } from '../../core/path-set.ts';
import { inHalves } from './in-halves.ts';
import { readCommits } from './objects.ts';
import { runGit } from './run-git.ts';
import { allObjects } from './side-objects.ts';

/** See `Repository.pathSets`. Throws OperationalError `git-failed`. */
export async function readPathSets(
  commonDirectory: string,
  pairs: readonly { from: string; to: string }[],
): Promise<(Changes | null)[]> {
  const names = [...new Set(pairs.flatMap(({ from, to }) => [from, to]))];
  const gitDir = allObjects(commonDirectory);
  const found = await readCommits(gitDir, names);
  const trees = new Map(names.map((name, index) => [name, found[index]?.tree ?? null]));
  const lineOf = ({ from, to }: { from: string; to: string }): string | null => {
    const [before, after] = [trees.get(from) ?? null, trees.get(to) ?? null];
    return before === null || after === null ? null : `${before} ${after}`;
  };
  const lines = [...new Set(pairs.map(lineOf).filter((line) => line !== null))];
  const answers = await inHalves(lines, async (some) => {
    const args = [
      'diff-tree',
      '--stdin',
      '-r',
      '-t',
      '-z',
      '--raw',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '--ignore-submodules=none',
    ];
    const options = { gitDir, input: `${some.join('\n')}\n`, timeoutMs: limits.lookoutGitTimeoutMs };
    const { stdout } = await runGit(args, options);
    const read = readAnswers(stdout);
    return some.map((line) => read.get(line) ?? null);
  });
  const byLine = new Map(lines.map((line, index) => [line, answers[index] ?? null]));
  return pairs.map((pair) => byLine.get(lineOf(pair) ?? '') ?? null);
}

const folderMode = '040000';

/** For each pair a line with its trees, then `:mode mode id id status NUL path NUL` for each path. Too many paths: `null`. */
function readAnswers(output: Buffer): Map<string, Changes | null> {
  const answers = new Map<string, Changes | null>();
  let at = 0;
  let changes = new Map<string, string>();
  let pair = '';
  const take = (end: number): string => {
    const text = output.toString('utf8', at, end === -1 ? output.length : end);
    at = end === -1 ? output.length : end + 1;
    return text;
  };
  while (at < output.length) {
    if (output[at] !== colon) {
      pair = take(output.indexOf('\n', at));
      changes = new Map();
      answers.set(pair, changes);
      continue;
    }
    const [oldMode = '', mode = '', , id = ''] = take(output.indexOf(0, at)).slice(1).split(' ');
    const path = take(output.indexOf(0, at));
    const [wasFolder, isFolder] = [oldMode === folderMode, mode === folderMode];
    if (wasFolder && isFolder) continue;
    if (wasFolder) changes.set(`${path}/`, '');
    const isGone = isFolder || isNothing(mode);
    if (!(isGone && (wasFolder || isNothing(oldMode)))) changes.set(path, isGone ? '' : `${mode} ${id}`);
    if (changes.size > limits.lookoutPathsMax) answers.set(pair, null);
  }
  return answers;
}

const colon = 0x3a;

function isNothing(mode: string): boolean {
  return mode === '000000';
}
