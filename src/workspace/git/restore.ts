/** What a person does with kept work: a branch at what a ref under `refs/orbit` holds, or the end of that ref. */
import { keepsWork } from '../../core/kept-refs.ts';
import { UsageError } from '../../platform/error.ts';
import { allCheckouts } from './checkout.ts';
import { readHead } from './head.ts';
import { runGit } from './run-git.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

/** Throws UsageError `bad-id` if the ref keeps no work, or the branch exists or cannot be a branch's name. */
export async function restoreBranch(folder: WorkspaceFolder, ref: string, branch: string): Promise<void> {
  const commit = keepsWork(ref) ? await folder.repository.resolve(ref) : null;
  if (commit === null) {
    throw new UsageError('bad-id', `${JSON.stringify(ref)} keeps no work`, 'See `orbit recover` for those that do.');
  }
  if (!(await isBranchName(branch))) {
    throw new UsageError('bad-id', `${JSON.stringify(branch)} cannot be a branch`, 'Use a name such as rescue/T031.');
  }
  if (!(await folder.repository.moveRefs([{ ref: `refs/heads/${branch}`, from: null, to: commit }]))) {
    throw new UsageError('bad-id', `branch ${branch} exists already and was left as it is`, 'Choose another name.');
  }
}

/**
 * The one place where kept work is given up: see `Workspaces.purge`. Its objects stay until git prunes what nobody refers to, two weeks
 * and more. Throws UsageError `bad-id` if the ref keeps no work.
 */
export async function purgeRef(folder: WorkspaceFolder, ref: string, commit: string): Promise<boolean> {
  if (!keepsWork(ref)) {
    throw new UsageError('bad-id', `${JSON.stringify(ref)} keeps no work`, 'See `orbit recover` for those that do.');
  }
  const heads = await Promise.all((await allCheckouts(folder)).map(async ({ gitDir }) => readHead(gitDir)));
  if (heads.includes(ref)) {
    const hint =
      'Its workspace holds something that is not kept: look at it, then remove it with `git worktree remove`.';
    throw new UsageError('bad-id', `${ref} is checked out`, hint);
  }
  return folder.repository.moveRefs([{ ref, from: commit, to: null }]);
}

/** A leading `-` is a ref to git, and an option to every command that a person will type it into. */
async function isBranchName(branch: string): Promise<boolean> {
  if (branch.startsWith('-') || branch === 'HEAD') return false;
  return (await runGit(['check-ref-format', `refs/heads/${branch}`], { accept: [0, 1] })).exitCode === 0;
}
