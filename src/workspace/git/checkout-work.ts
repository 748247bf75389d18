/**
 * What the checkout of a person, or of an agent that a person runs, holds beyond a commit.
 *
 * Owns the look behind `orbit complete` by hand: the same facts as of an attempt's workspace, without a record of it. HEAD
 * is read from the checkout's own git directory, everything else from objects and through a scratch git directory.
 */
import { join } from 'node:path';
import type { Work } from '../workspace.ts';
import { diffTree } from './changes.ts';
import { readHead } from './head.ts';
import { inspect } from './inspect.ts';
import { readCommits, splitNul } from './objects.ts';
import { runGit } from './run-git.ts';

export interface CheckoutPlace {
  commonDirectory: string;
  /** The checkout's own git directory. */
  gitDirectory: string;
  directory: string;
}

/**
 * @param began a commit that the work began at or before; the base is where HEAD parted from it. `null`: at HEAD itself.
 * Answers `null` where HEAD has no commit.
 */
export async function readCheckoutWork(place: CheckoutPlace, began: string | null): Promise<Work | null> {
  const { commonDirectory, gitDirectory, directory } = place;
  const [head] = await readCommits(commonDirectory, [(await readHead(gitDirectory)) ?? 'HEAD']);
  if (head === undefined || head === null) return null;
  const { commit } = head;
  const base = began === null || began === commit ? commit : await mergeBase(commonDirectory, began, commit);
  await using inspection = await inspect(commonDirectory, {
    directory,
    head: commit,
    index: join(gitDirectory, 'index'),
    exclude: [],
  });
  const run = async (args: readonly string[]): Promise<Buffer> =>
    (await runGit(args, { gitDir: commonDirectory })).stdout;
  const [count, changed, status] = await Promise.all([
    base === commit ? '0' : run(['rev-list', '--count', '--end-of-options', `${base}..${commit}`]),
    base === commit ? [] : run(diffTree('--name-only', base, commit)).then(splitNul),
    inspection.status('all'),
  ]);
  return { ...head, base, commits: Number(count.toString()), changed, dirty: status.entries.map(({ path }) => path) };
}

async function mergeBase(gitDir: string, began: string, commit: string): Promise<string> {
  const found = await runGit(['merge-base', '--end-of-options', began, commit], { gitDir, accept: [0, 1, 128] });
  return found.exitCode === 0 ? found.stdout.toString('utf8').trim() : began;
}
