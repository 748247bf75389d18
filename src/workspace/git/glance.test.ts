import { existsSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { TaskKey } from '../../core/id.ts';
import type { Repository } from '../repository.ts';
import type { Workspace, Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';
import { clearSidePlace } from './side-objects.ts';

interface Setup extends Disposable {
  made: TestRepository;
  base: string;
  repository: Repository;
  workspaces: Workspaces;
  /** One workspace a token. */
  spaces: Workspace[];
}

async function setUp(files: Record<string, string>): Promise<Setup> {
  const made = makeRepository({ files });
  const repository = await openRepository(made.directory);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 });
  const base = made.git('rev-parse', 'HEAD');
  const spaces = [];
  for (const token of [7, 8]) {
    const task: TaskKey = `001/T${token}`;
    spaces.push(await workspaces.prepare({ task, token, base, bring: [] }));
  }
  const dispose = (): void => {
    clearSidePlace(repository.commonDirectory);
    made.dispose();
  };
  return { made, base, repository, workspaces, spaces, [Symbol.dispose]: dispose };
}

const objectsOf = ({ made }: Setup): string[] => [
  ...made.git('cat-file', '--batch-check', '--batch-all-objects', '--unordered').split('\n').sort(),
  ...readdirSync(join(made.directory, '.git', 'objects'), { recursive: true })
    .map(String)
    .sort(),
];

test('D5 uncommitted edits are seen, merged and shown, and no object of them is in the repository', async () => {
  using set = await setUp({ a: '1\n', gone: 'x\n', far: 'f\n' });
  const { made, base, repository, workspaces, spaces } = set;
  const [one, other] = spaces.map(({ directory }) => directory) as [string, string];
  expect(await workspaces.glance([one, other, join(made.directory, 'none')])).toEqual([base, base, null]);
  const before = objectsOf(set);
  made.write({ a: 'one\n', 'new-and-unknown': 'n\n' }, one);
  made.write({ a: 'other\n' }, other);
  made.gitIn(other, 'rm', '-q', 'gone');
  const index = made.gitIn(one, 'ls-files', '--stage');
  const [first, second] = await workspaces.glance([one, other]);
  if (!first || !second) throw new Error('nothing was seen');
  expect(await workspaces.glance([one, other]), 'the same content is the same commit').toEqual([first, second]);
  const [changes, removed] = await repository.pathSets([
    { from: base, to: first },
    { from: base, to: second },
  ]);
  expect([...(changes?.keys() ?? [])]).toEqual(['a']);
  expect([...(removed?.keys() ?? [])]).toEqual(['a', 'gone']);
  expect(await repository.tryMerges([{ ours: first, theirs: second, base: null }], base)).toEqual([['a']]);
  expect(await repository.tryMerges([{ ours: base, theirs: second, base }], base)).toEqual([[]]);
  expect(await repository.patch(base, first, ['a'])).toContain('-1\n+one');
  expect(await repository.resolve(first), 'it is nobody’s commit').toBeNull();
  expect(objectsOf(set)).toEqual(before);
  expect(made.gitIn(one, 'ls-files', '--stage')).toBe(index);
  made.gitIn(one, 'commit', '-q', '-a', '-m', 'done');
  expect((await workspaces.glance([one]))[0]).toBe(made.gitIn(one, 'rev-parse', 'HEAD'));
});

test('D5 I20 a workspace in the middle of a conflict counts as its HEAD, one that was put in place of another is not looked at', async () => {
  using set = await setUp({ a: '1\n' });
  const { made, base, workspaces, spaces } = set;
  const [one, other] = spaces.map(({ directory }) => directory) as [string, string];
  made.git('checkout', '-q', '--detach', base);
  made.write({ a: '2\n' });
  const theirs = made.commit('theirs');
  made.write({ a: '3\n' }, one);
  const own = made.commit('own', one);
  expect(() => made.gitIn(one, 'merge', theirs)).toThrow('Command failed');
  expect(await workspaces.glance([one])).toEqual([own]);
  renameSync(other, `${other}-moved`);
  symlinkSync(made.directory, other);
  writeFileSync(join(made.directory, 'a'), 'secret of the user\n');
  expect(await workspaces.glance([other])).toEqual([null]);
});

test('D5 no filter, monitor or hook that an agent sets up is run by a glance', async () => {
  using set = await setUp({ a: '1\n', '.gitattributes': 'a filter=planted\n' });
  const { made, workspaces, spaces } = set;
  const mark = join(made.directory, '..', 'ran');
  for (const [name, value] of [
    ['filter.planted.clean', `touch ${mark}; cat`],
    ['core.fsmonitor', `touch ${mark}`],
  ] as const)
    made.git('config', name, value);
  const directory = spaces[0]?.directory ?? '';
  writeFileSync(join(directory, 'a'), '2\n');
  const [commit] = await workspaces.glance([directory]);
  expect(commit).not.toBeNull();
  expect(existsSync(mark)).toBe(false);
});
