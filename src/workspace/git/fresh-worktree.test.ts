import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { makeFreshWorktree } from './fresh-worktree.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';
import { endReaders } from './object-reader.ts';

test.each(['sha1', 'sha256'] as const)(
  'P11 a worktree made without git is the one that git makes (%s)',
  async (objectFormat) => {
    using made = makeRepository({ files: { a: '1' }, objectFormat });
    const commit = made.git('rev-parse', 'HEAD');
    const gitDir = join(made.directory, '.git');
    const [own, gits] = [join(made.directory, 'own-1'), join(made.directory, 'git-1')];
    const reason = 'orbit: task 001/T1, attempt 1';
    expect(await makeFreshWorktree({ commonDirectory: gitDir }, { directory: own, commit, reason })).toBe('own-1');
    made.git('worktree', 'add', '-q', '--no-checkout', '--detach', '--lock', '--reason', reason, '--', gits, commit);
    const filesOf = (name: string): [string, string][] => {
      const folder = join(gitDir, 'worktrees', name);
      const names = readdirSync(folder).filter((file) => file !== 'logs');
      const files = names.map((file): [string, string] => [file, readFileSync(join(folder, file), 'utf8')]);
      return [...files, ['.git', readFileSync(join(made.directory, name, '.git'), 'utf8')]];
    };
    const asGits = filesOf('own-1').map(([file, text]) => [file, text.replaceAll('own-1', 'git-1')]);
    // Later versions of git make an empty folder more.
    expect(asGits).toEqual(filesOf('git-1').filter(([file]) => file !== 'refs'));
    const listed = made.git('worktree', 'list', '--porcelain').split('\n\n').slice(1);
    expect(listed.map((entry) => entry.replaceAll('own-1', 'git-1'))).toEqual([listed[0], listed[0]]);
    expect(made.gitIn(own, 'rev-parse', 'HEAD')).toBe(commit);
    made.gitIn(own, 'checkout', '-q', '-b', 'work', '--force');
    expect(made.gitIn(own, 'status', '--porcelain')).toBe('');
    expect(readdirSync(join(gitDir, 'orbit', 'scratch'))).toEqual([]);
    await endReaders();
  },
);

test('P11 whatever is unusual or in the way is left to git, and nothing stays of the attempt', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const commit = made.git('rev-parse', 'HEAD');
  const commonDirectory = join(made.directory, '.git');
  const make = async (name: string, at = commit): Promise<string | null> =>
    makeFreshWorktree({ commonDirectory }, { directory: join(made.directory, 'w', name), commit: at, reason: 'r' });
  const worktrees = join(commonDirectory, 'worktrees');
  mkdirSync(worktrees);
  // Names that git makes others of, a commit that is not there, an entry and a directory of that name.
  for (const name of ['a..b', 'a.lock', 'ä', 'a b', '.a', 'a.']) expect(await make(name)).toBeNull();
  expect(await make('w1', '0'.repeat(40))).toBeNull();
  expect(await make('w1', made.git('rev-parse', 'HEAD^{tree}'))).toBeNull();
  symlinkSync('nowhere', join(worktrees, 'w1'));
  mkdirSync(join(made.directory, 'w/w2'), { recursive: true });
  expect([await make('w1'), await make('w2')]).toEqual([null, null]);
  chmodSync(join(commonDirectory, 'objects'), 0o775);
  expect(await make('w3')).toBeNull();
  chmodSync(join(commonDirectory, 'objects'), 0o755);
  const head = readFileSync(join(commonDirectory, 'HEAD'));
  writeFileSync(join(commonDirectory, 'HEAD'), 'ref: refs/heads/.invalid\n');
  expect(await make('w3')).toBeNull();
  writeFileSync(join(commonDirectory, 'HEAD'), head);
  expect([readdirSync(worktrees), readdirSync(join(made.directory, 'w'))]).toEqual([['w1'], ['w2']]);
  await endReaders();
});

test('P11 I15 a kill before the entry stood on the list leaves nothing that the same preparation cannot clear', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const base = made.git('rev-parse', 'HEAD');
  const repository = await openRepository(made.directory);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 });
  const order = { task: '001/T1', token: 1, base, bring: [] } as const;
  const { directory } = await workspaces.prepare(order);
  const record = join(repository.commonDirectory, 'orbit/workspaces/T1-1.json');
  const left = { ...(JSON.parse(readFileSync(record, 'utf8')) as object), ready: false, admin: null };
  expect(await workspaces.remove('001/T1', 1, directory)).toBe(true);
  // Nothing to take instead.
  rmSync(join(repository.commonDirectory, 'orbit/pool'), { recursive: true });
  writeFileSync(record, JSON.stringify(left));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, '.git'), `gitdir: ${join(repository.commonDirectory, 'worktrees/T1-1')}\n`);
  await workspaces.prepare(order);
  expect(existsSync(join(directory, 'a'))).toBe(true);
  expect(made.gitIn(directory, 'status', '--porcelain')).toBe('');
  expect(made.git('worktree', 'list').split('\n')).toHaveLength(2);
  await endReaders();
});
