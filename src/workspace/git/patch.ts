/** The difference of some paths between two commits, for people and agents to read. Nothing that the repository names is run for it. */
import { OperationalError } from '../../platform/error.ts';
import { runGit } from './run-git.ts';
import { allObjects } from './side-objects.ts';

/** See `Repository.patch`. Throws OperationalError `git-failed`. */
export async function readPatch(
  commonDirectory: string,
  { from, to, paths }: { from: string; to: string; paths: readonly string[] },
): Promise<string> {
  if (paths.length === 0) return '';
  const gitDir = allObjects(commonDirectory);
  const read = async (form: readonly string[]): Promise<string> => {
    const plain = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];
    const args = ['diff-tree', '-r', ...form, ...plain, '--end-of-options', from, to, '--', ...paths];
    const environment = { GIT_LITERAL_PATHSPECS: '1' };
    return (await runGit(args, { gitDir, environment, outputBytesMax })).stdout.toString('utf8');
  };
  try {
    return await read(['--stat=100', '--patch', '--unified=2']);
  } catch (error) {
    if (!(error instanceof OperationalError) || !error.retryable) throw error;
    return read(['--stat=100']);
  }
}

/** Far more than anybody is shown. */
const outputBytesMax = 1_048_576;
