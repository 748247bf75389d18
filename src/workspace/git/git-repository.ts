/**
 * The repository port on the git program.
 *
 * Owns no state but the place of the repository. Names and trees are told by the `git cat-file` that stays for a while
 * (object-reader.ts), because landing and runners ask for them all the time; every other method is one process unless it says otherwise.
 * Names and refs are passed after `--end-of-options` or on standard input, so that none can become an option.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { OperationalError, UsageError } from '../../platform/error.ts';
import type { Repository } from '../repository.ts';
import { countLines, diffTree, readChanges, readTexts } from './changes.ts';
import { readPathSets } from './path-sets.ts';
import { catchUpCheckout, findCheckout, holdCheckout, mendCheckouts } from './checkout.ts';
import { writeCommit } from './commit-object.ts';
import { orbitIdentity, type Identity } from './identity.ts';
import { mergeCommits } from './merge.ts';
import { moveRefs } from './move-refs.ts';
import { isObjectId, readCommits, splitNul } from './objects.ts';
import { readPatch } from './patch.ts';
import { readPatches } from './patches.ts';
import { exactCommit, listRefs, symbolicTarget } from './refs.ts';
import { rememberSound, soundnessFault } from './soundness.ts';
import { replayCommits } from './replay.ts';
import { runGit, type GitOptions, type GitResult } from './run-git.ts';
import { tryMerges } from './try-merges.ts';

/**
 * Opens the repository that `start` lies in, from its main checkout or any of its worktrees.
 * Throws UsageError `not-a-repository` and `bare-repository`; OperationalError `git-missing`, `git-failed`.
 */
export async function openRepository(start: string, identity: Identity = orbitIdentity): Promise<Repository> {
  const { commonDirectory, top } = await discover(start);
  return repositoryAt(commonDirectory, top, identity);
}

/** Commit that HEAD of the main checkout is at. Throws UsageError `no-commit-yet`. */
export async function requireCommit(repository: Repository): Promise<string> {
  const commit = await repository.resolve('HEAD');
  if (commit !== null) return commit;
  const hint = 'Make a first commit: git add -A && git commit -m "Start".';
  throw new UsageError('no-commit-yet', `${repository.commonDirectory} has no commit to work from`, hint);
}

/** Full ref of the branch that the main checkout is on. Throws UsageError `detached-head`. */
export async function requireBranch(repository: Repository): Promise<string> {
  const branch = await repository.currentBranch();
  if (branch !== null) return branch;
  const where = repository.top ?? repository.commonDirectory;
  throw new UsageError('detached-head', `${where} is on no branch`, 'Switch to one: git switch <branch>.');
}

async function discover(start: string): Promise<{ commonDirectory: string; top: string }> {
  // --show-toplevel fails inside `.git` and in bare repositories, after the other lines are printed.
  const ask = [
    'rev-parse',
    '--path-format=absolute',
    '--git-common-dir',
    '--git-dir',
    '--is-bare-repository',
    '--show-toplevel',
  ];
  const { stdout, stderr } = await runGit(ask, { cwd: resolve(start), accept: [0, 128] });
  const [common = '', gitDir, bare, top] = stdout.toString('utf8').split('\n');
  if (bare === undefined) {
    if (/dubious ownership/.test(stderr)) {
      const hint = 'It belongs to another user. If you trust it: git config --global --add safe.directory <its path>.';
      throw new OperationalError('git-failed', `git refuses the repository at ${start}: ${stderr.trim()}`, { hint });
    }
    const hint = 'Change to a git repository, or make one: git init.';
    throw new UsageError('not-a-repository', `${start} is in no git repository`, hint);
  }
  if (bare === 'true') {
    const hint = 'Use a clone with a checkout: git clone <this repository>.';
    throw new UsageError(
      'bare-repository',
      `${common} is a bare repository, without a checkout to bring files from`,
      hint,
    );
  }
  const commonDirectory = await realpath(common);
  if (gitDir === common && top !== undefined && top !== '') return { commonDirectory, top: await realpath(top) };
  if (basename(commonDirectory) === '.git') return { commonDirectory, top: dirname(commonDirectory) };
  // A repository whose git directory stands apart does not know its main checkout from within a linked one.
  const hint = 'Run this in the main checkout of the repository.';
  throw new UsageError(
    'not-a-repository',
    `the main checkout of ${commonDirectory} cannot be told from ${start}`,
    hint,
  );
}

function repositoryAt(commonDirectory: string, top: string, identity: Identity): Repository {
  const run = async (args: readonly string[], options: GitOptions = {}): Promise<GitResult> =>
    runGit(args, { gitDir: commonDirectory, ...options });
  const line = async (args: readonly string[]): Promise<string> => text(await run(args));
  const found = async (args: readonly string[]): Promise<string | null> => {
    const result = await run(args, { accept: [0, 1] });
    return result.exitCode === 0 ? text(result) : null;
  };
  const soundness = rememberSound(async (from, to) => soundnessFault(commonDirectory, from, to));
  return {
    commonDirectory,
    top,
    resolve: async (name) =>
      name.startsWith('refs/')
        ? exactCommit(commonDirectory, name)
        : ((await readCommits(commonDirectory, [name]))[0]?.commit ?? null),
    tree: async (commit) => treeOf(commonDirectory, commit),
    isAncestor: async (ancestor, commit) =>
      ancestor === commit ||
      (await run(['merge-base', '--is-ancestor', '--end-of-options', ancestor, commit], { accept: [0, 1] }))
        .exitCode === 0,
    contained: async (commits, commit) => containedIn(commonDirectory, commits, commit),
    mergeBase: async (a, b) => found(['merge-base', '--end-of-options', a, b]),
    changedPaths: async (from, to) => splitNul((await run(diffTree('--name-only', from, to))).stdout),
    changes: async (from, to) => readChanges(commonDirectory, from, to),
    lineCounts: async (from, to) => countLines(commonDirectory, from, to),
    texts: async (ids) => readTexts(commonDirectory, ids),
    subjects: async (from, to) =>
      lines(await run(['rev-list', '--no-commit-header', '--format=%s', '--end-of-options', `${from}..${to}`])),
    merge: async (ours, theirs, base) => mergeCommits(commonDirectory, { ours, theirs, base }),
    tryMerges: async (pairs, attributes) => tryMerges(commonDirectory, pairs, attributes),
    pathSets: async (pairs) => readPathSets(commonDirectory, pairs),
    patch: async (from, to, paths) => readPatch(commonDirectory, { from, to, paths }),
    patches: async (from, to, bounds) => readPatches(commonDirectory, { from, to, bounds }),
    replay: async (order) => replayCommits(commonDirectory, order),
    parents: async (commit) =>
      (await line(['rev-list', '--parents', '--max-count=1', '--end-of-options', commit])).split(' ').slice(1),
    commit: async (order) => writeCommit(commonDirectory, identity, order),
    moveRefs: async (moves) => moveRefs(commonDirectory, moves),
    soundnessFault: soundness,
    symbolic: async (ref) => symbolicTarget(commonDirectory, ref),
    refs: async (prefix) =>
      (await listRefs(commonDirectory, [prefix])).map(({ ref, commit, at, subject }) => ({ ref, commit, at, subject })),
    checkedOut: async (ref, projections = []) => findCheckout({ commonDirectory, top }, ref, projections),
    catchUp: async (ref, projections = []) => catchUpCheckout({ commonDirectory, top }, ref, projections),
    holdCheckout: async (directory, move) => holdCheckout({ commonDirectory, top }, directory, move),
    mendCheckouts: async () => mendCheckouts({ commonDirectory, top }),
    currentBranch: async () => found(['symbolic-ref', '--quiet', 'HEAD']),
    listPaths: async (commit) =>
      splitNul((await run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit])).stdout),
  };
}

/** Asks for what is not contained, which is little: what waits to land. */
async function containedIn(
  commonDirectory: string,
  commits: readonly string[],
  commit: string,
): Promise<ReadonlySet<string>> {
  const known = commits.filter(isObjectId);
  if (known.length === 0) return new Set();
  const input = [...known, `^${commit}`].map((line) => `${line}\n`).join('');
  const { stdout } = await runGit(['rev-list', '--stdin'], { gitDir: commonDirectory, input });
  const missing = new Set(stdout.toString('utf8').split('\n'));
  return new Set(known.filter((one) => !missing.has(one)));
}

async function treeOf(commonDirectory: string, commit: string): Promise<string> {
  const [found] = await readCommits(commonDirectory, [commit]);
  if (found !== undefined && found !== null) return found.tree;
  throw new OperationalError('git-failed', `${commit} is no commit of ${commonDirectory}`, {
    hint: 'It may have been removed by a garbage collection; run `git fsck`, then submit the work again.',
  });
}

function text(result: GitResult): string {
  return result.stdout.toString('utf8').trimEnd();
}

function lines(result: GitResult): string[] {
  return result.stdout.toString('utf8').split('\n').slice(0, -1);
}
