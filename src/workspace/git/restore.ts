/** Giving kept work back to a person: a branch at what a ref under `refs/orbit` holds. */
import { UsageError } from '../../platform/error.ts';
import { runGit } from './run-git.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

/** Throws UsageError `bad-id` if the ref keeps no work, or the branch exists or cannot be a branch's name. */
export async function restoreBranch(folder: WorkspaceFolder, ref: string, branch: string): Promise<void> {
  const commit = /^refs\/orbit\/(?:attempts|salvage)\//.test(ref) ? await folder.repository.resolve(ref) : null;
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

/** A leading `-` is a ref to git, and an option to every command that a person will type it into. */
async function isBranchName(branch: string): Promise<boolean> {
  if (branch.startsWith('-') || branch === 'HEAD') return false;
  return (await runGit(['check-ref-format', `refs/heads/${branch}`], { accept: [0, 1] })).exitCode === 0;
}
