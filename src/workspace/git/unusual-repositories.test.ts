/** Repositories of unusual shape: each works, or says what does not. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { Repository } from '../repository.ts';
import type { Workspace, Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

interface Opened {
  repository: Repository;
  workspaces: Workspaces;
  notes: string[];
  base: string;
  prepare: (token: number) => Promise<Workspace>;
}

async function open(made: Pick<TestRepository, 'gitIn'>, directory: string): Promise<Opened> {
  const repository = await openRepository(directory);
  const notes: string[] = [];
  const note = (text: string): unknown => notes.push(text);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2, note });
  const base = made.gitIn(directory, 'rev-parse', 'HEAD');
  const prepare = async (token: number): Promise<Workspace> =>
    workspaces.prepare({ task: '001/T1', token, base, bring: [] });
  return { repository, workspaces, notes, base, prepare };
}

/** The life of a workspace with a commit and an uncommitted file in it, of the next one out of the pool, and of a check slot. */
async function lifeIn(made: TestRepository, directory = made.directory): Promise<Record<string, unknown>> {
  const { workspaces, base, prepare, repository } = await open(made, directory);
  const status = (at: string): string => made.gitIn(at, 'status', '--porcelain');
  const first = await prepare(1);
  const fresh = status(first.directory);
  made.write({ 'new file': 'x\n' }, first.directory);
  const commit = made.commit('Work', first.directory);
  made.write({ dirty: 'y\n' }, first.directory);
  const look = await workspaces.look(first.directory, base);
  const kept = await workspaces.salvage('001/T1', 1, first.directory);
  const removed = await workspaces.remove('001/T1', 1, first.directory);
  const second = await prepare(2);
  const slot = await workspaces.checkout(commit, []);
  const checked = [readFileSync(join(slot.directory, 'new file'), 'utf8'), await slot.changed()];
  await slot.release();
  const pieces = await workspaces.survey(null, () => ({ targets: ['main'], base, since: null }));
  return {
    fresh,
    look: [look?.commit === commit, look?.commits, look?.changed, look?.dirty],
    kept: kept.map(({ kind }) => kind).toSorted((one, other) => one.localeCompare(other)),
    removed,
    second: [status(second.directory), existsSync(join(second.directory, 'dirty'))],
    checked,
    merges: (await repository.merge(base, commit)).clean,
    onTarget: pieces.map(({ onTarget }) => onTarget),
  };
}

const sound = {
  fresh: '',
  look: [true, 1, ['new file'], ['dirty']],
  kept: ['attempt', 'salvage'],
  removed: true,
  second: ['', false],
  checked: ['x\n', []],
  merges: true,
  onTarget: [null, null],
};

const files = { a: '1\n', 'd/b': '2\n' };

test.each(['sha1', 'sha256'] as const)('P11 C2 workspaces in a %s repository', async (objectFormat) => {
  using made = makeRepository({ files, objectFormat });
  expect(await lifeIn(made)).toEqual(sound);
});

/** From git 2.45 on. */
const hasTables = spawnSync('git', ['init', '-h'], { encoding: 'utf8' }).stdout.includes('ref-format');

test.skipIf(!hasTables)('P11 C2 workspaces in a repository whose refs are in tables', async () => {
  using made = makeRepository({ files });
  const directory = join(made.directory, '../tables');
  made.git('clone', '-q', '--ref-format=reftable', made.directory, directory);
  expect(await lifeIn(made, directory)).toEqual(sound);
});

test('P11 C2 workspaces in a shallow clone', async () => {
  using made = makeRepository({ files });
  made.commit('Another');
  const directory = join(made.directory, '../shallow');
  made.git('clone', '-q', '--depth=1', `file://${made.directory}`, directory);
  expect(made.gitIn(directory, 'rev-list', '--count', 'HEAD')).toBe('1');
  expect(await lifeIn(made, directory)).toEqual(sound);
});

test('P11 C2 workspaces at a path with blanks, quotes and letters of all kinds', async () => {
  using made = makeRepository({ files });
  const directory = join(made.directory, `../it's "ä" \\ dir\t*`);
  made.git('clone', '-q', made.directory, directory);
  expect(await lifeIn(made, directory)).toEqual(sound);
});

test('P11 workspaces of a sparse checkout are whole, new ones and those of the pool, and the checkout stays sparse', async () => {
  using made = makeRepository({ files: { ...files, 'e/c': '3\n' } });
  made.git('sparse-checkout', 'set', 'd');
  expect(existsSync(join(made.directory, 'e'))).toBe(false);
  const { workspaces, prepare, base } = await open(made, made.directory);
  const first = await prepare(1);
  expect(readdirSync(first.directory).sort()).toEqual(['.git', 'a', 'd', 'e']);
  expect(await workspaces.look(first.directory, base)).toMatchObject({ dirty: [] });
  // An agent may make its own sparse.
  made.gitIn(first.directory, 'sparse-checkout', 'set', 'd');
  expect(await workspaces.remove('001/T1', 1, first.directory)).toBe(true);
  const second = await prepare(2);
  expect(readdirSync(second.directory).sort()).toEqual(['.git', 'a', 'd', 'e']);
  expect(made.gitIn(second.directory, 'status', '--porcelain')).toBe('');
  expect(existsSync(join(made.directory, 'e'))).toBe(false);
  expect(made.git('status', '--porcelain')).toBe('');
});

test('P11 I7 submodules: empty in a workspace; one that is filled keeps the workspace, and a check slot starts without it', async () => {
  using made = makeRepository({ files });
  using library = makeRepository({ files: { lib: '1\n' } });
  const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.directory, 'sub'];
  made.git(...add);
  made.commit('With a submodule');
  const { workspaces, prepare, notes, base } = await open(made, made.directory);
  const fill = (directory: string): string =>
    made.gitIn(directory, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
  const first = await prepare(1);
  expect(readdirSync(join(first.directory, 'sub'))).toEqual([]);
  expect(await workspaces.look(first.directory, base)).toMatchObject({ dirty: [] });
  fill(first.directory);
  writeFileSync(join(first.directory, 'sub/lib'), 'edited\n');
  expect(await workspaces.remove('001/T1', 1, first.directory)).toBe(false);
  expect(notes.join()).toContain('sub is a repository of its own');
  expect(readFileSync(join(first.directory, 'sub/lib'), 'utf8')).toBe('edited\n');

  const slot = await workspaces.checkout(base, []);
  fill(slot.directory);
  writeFileSync(join(slot.directory, 'sub/stale'), '');
  await slot.release();
  const again = await workspaces.checkout(base, []);
  expect(readdirSync(join(again.directory, 'sub'))).toEqual([]);
  expect(await again.changed()).toEqual([]);
  fill(again.directory);
  expect(readdirSync(join(again.directory, 'sub')).sort()).toEqual(['.git', 'lib']);
  await again.release();
});

const pointer =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

test('P11 files of LFS are pointers without the program, and a filter that cannot run is named', async () => {
  using made = makeRepository({
    files: { ...files, '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'x.bin': pointer },
  });
  const { prepare, workspaces, base } = await open(made, made.directory);
  const first = await prepare(1);
  expect(readFileSync(join(first.directory, 'x.bin'), 'utf8')).toBe(pointer);
  expect(await workspaces.look(first.directory, base)).toMatchObject({ dirty: [] });
  // As `git lfs install` leaves it, and the program gone since.
  for (const [name, value] of [
    ['process', 'no-such-lfs filter-process'],
    ['smudge', 'no-such-lfs smudge -- %f'],
    ['required', 'true'],
  ]) {
    made.git('config', '--global', `filter.lfs.${name}`, value ?? '');
  }
  await expect(prepare(2)).rejects.toMatchObject({ code: 'git-failed', hint: expect.stringContaining('git-lfs') });
  expect(readdirSync(join(made.directory, '.worktrees'))).toEqual(['T1-1']);
});

test('P11 I7 work is kept where git knows no user and wants every commit signed', async () => {
  using made = makeRepository({ files });
  made.git('config', 'user.useConfigOnly', 'true');
  made.git('config', 'commit.gpgSign', 'true');
  made.git('config', 'gpg.program', '/bin/false');
  const { prepare, workspaces } = await open(made, made.directory);
  const first = await prepare(1);
  mkdirSync(join(first.directory, 'new'));
  writeFileSync(join(first.directory, 'new/file'), 'x');
  expect(await workspaces.salvage('001/T1', 1, first.directory)).toMatchObject([{ kind: 'salvage' }]);
  expect(await workspaces.remove('001/T1', 1, first.directory)).toBe(true);
});
