/** Writing a checkout: the one place where files of a commit come to disk, with the filters that they may need (LFS). */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { splitNul } from './objects.ts';
import { removeTree } from './remove-tree.ts';
import { runGit, type GitOptions } from './run-git.ts';

export interface CheckoutOrder {
  gitDir: string;
  directory: string;
  /** The branch to be on (its short name), or the commit to be detached at. */
  at: { branch: string } | { commit: string };
  /** There are files of an earlier user. */
  isUsed: boolean;
  /** Ignored paths of that user that stay, as patterns of `.gitignore`. */
  stay?: readonly string[];
}

/**
 * Brings the directory to exactly the commit. One process for a new worktree; three for one used before, whose every other file goes, also
 * ignored ones and nested repositories: stale build output can turn a red tree green. One more if something of the last user is to stay.
 * Call it under {@link checkoutLocks}.
 */
export async function writeCheckout({ gitDir, directory, at, isUsed, stay = [] }: CheckoutOrder): Promise<void> {
  // Parallel writing: 0.4 to 0.6 of the time of one writer, on two cores.
  const config = [`checkout.workers=${availableParallelism()}`, 'core.sparseCheckout=false'];
  const options = { gitDir, workTree: directory, cwd: directory, config, timeoutMs: limits.gitCheckoutTimeoutMs };
  // The worktree is ours alone now: a lock in it is what a killed git left.
  await rm(join(gitDir, 'index.lock'), { force: true });
  if (isUsed) await undoMarks(options, { gitDir, directory });
  await runGit(['checkout', '--quiet', '--force', ...targetOf(at)], options);
  if (!isUsed) return;
  // What stays must be ignored by this commit, too: else it would pass for new work.
  if (stay.length > 0) await runGit(['clean', '-ffdq'], options);
  await runGit(['clean', '-ffdxq', ...stay.flatMap((pattern) => ['-e', pattern])], options);
}

/** Makes the files those of a tree and leaves commit and index alone, so that what differs is uncommitted. One process. */
export async function layFiles(
  { gitDir, directory }: Pick<CheckoutOrder, 'gitDir' | 'directory'>,
  tree: string,
): Promise<void> {
  const options = { gitDir, workTree: directory, cwd: directory, timeoutMs: limits.gitCheckoutTimeoutMs };
  await runGit(['restore', '--quiet', '--worktree', `--source=${tree}`, '--', '.'], options);
}

function targetOf(at: CheckoutOrder['at']): string[] {
  if ('commit' in at) return ['--detach', at.commit];
  // A branch wins over a tag of its name. Without --ignore-other-worktrees git would read all siblings, some of them half made.
  return ['--no-guess', '--ignore-other-worktrees', at.branch, '--'];
}

/**
 * What makes a checkout pass over files of the last user: the marks "assume unchanged" and "skip worktree", and submodules that were
 * filled, which no checkout and no cleaning touches.
 */
async function undoMarks(
  options: GitOptions,
  { gitDir, directory }: Pick<CheckoutOrder, 'gitDir' | 'directory'>,
): Promise<void> {
  const { exitCode, stdout } = await runGit(['ls-files', '-v', '--stage', '-z'], { ...options, accept: [0, 128] });
  // `tag SP mode SP id SP stage TAB path`.
  const entries = splitNul(stdout);
  for (const entry of entries.filter((one) => one.slice(2).startsWith('160000 '))) {
    await removeTree(join(directory, entry.slice(entry.indexOf('\t') + 1)));
  }
  if (exitCode !== 0 || entries.some((entry) => /^[a-zS] /.test(entry))) {
    await rm(join(gitDir, 'index'), { force: true });
  }
}
