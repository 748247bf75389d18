/** A process that prepares workspaces side by side: `node prepare-many.ts <repository> <base> <first token> <how many>`. */
import { openRepository } from '../../src/workspace/git/git-repository.ts';
import { openWorkspaces } from '../../src/workspace/git/git-workspaces.ts';

const [directory = '', base = '', first = '', count = ''] = process.argv.slice(2);
const workspaces = await openWorkspaces(await openRepository(directory), {
  directory: '.worktrees',
  checkoutsAtOnceMax: 2,
});
const tokens = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
const made = await Promise.all(
  tokens.map(async (token) => workspaces.prepare({ task: '001/T1', token, base, bring: [] })),
);
console.log(JSON.stringify(made));
