import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { TaskKey } from '../../core/id.ts';
import type { Repository } from '../repository.ts';
import type { Workspace, Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

const task: TaskKey = '001/T1';
const attemptRef = 'refs/orbit/attempts/T1/7';
const salvageRef = 'refs/orbit/salvage/T1/7';

interface Setup extends Disposable {
  made: TestRepository;
  base: string;
  repository: Repository;
  workspaces: Workspaces;
  notes: string[];
  prepare: (token?: number) => Promise<Workspace>;
}

async function setUp(
  files: Record<string, string> = { a: '1\n', 'd/b': '2\n', '.gitignore': 'ignored/\n.env\n' },
): Promise<Setup> {
  const made = makeRepository({ files });
  const repository = await openRepository(made.directory);
  const notes: string[] = [];
  const settings = { directory: '.worktrees', checkoutsAtOnceMax: 2, note: (text: string) => notes.push(text) };
  const workspaces = await openWorkspaces(repository, settings);
  const base = made.git('rev-parse', 'HEAD');
  const prepare = async (token = 7): Promise<Workspace> => workspaces.prepare({ task, token, base, bring: [] });
  return { made, base, repository, workspaces, notes, prepare, [Symbol.dispose]: () => made.dispose() };
}

/** Every path, mode, time and content below a directory in one hash, with the index but without the workspaces. */
function fingerprint(directory: string, index: string = join(directory, '.git/index')): string {
  const hash = createHash('sha256');
  const walk = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      if (name === '.worktrees' || (name === '.git' && at === directory)) continue;
      const found = lstatSync(path);
      hash.update(`${path}\0${found.mode}\0${found.mtimeMs}\0`);
      if (found.isDirectory()) walk(path);
      else if (found.isFile()) hash.update(readFileSync(path));
    }
  };
  walk(directory);
  return hash.update(readFileSync(index)).digest('hex');
}

test('C2 P11 a workspace is on its own branch at the base, and preparing it again gives the same', async () => {
  using setup = await setUp();
  const { made, base, prepare } = setup;
  const workspace = await prepare();
  expect(workspace).toEqual({
    directory: join(made.directory, '.worktrees/T1-7'),
    branch: 'orbit-work/001/T1-7',
    base,
  });
  expect(made.gitIn(workspace.directory, 'symbolic-ref', 'HEAD')).toBe('refs/heads/orbit-work/001/T1-7');
  expect(made.gitIn(workspace.directory, 'status', '--porcelain')).toBe('');
  expect(readFileSync(join(workspace.directory, 'd/b'), 'utf8')).toBe('2\n');
  expect(await prepare()).toEqual(workspace);
  expect(made.git('config', '--local', '--list')).not.toContain('branch.');
  expect(made.git('worktree', 'list', '--porcelain')).toContain('locked orbit: task 001/T1, attempt 7');
  expect(made.git('status', '--porcelain')).toBe('');
});

test('P11 preparing completes what a killed process left at any step', async () => {
  using setup = await setUp();
  const { made, base, prepare, repository } = setup;
  const record = join(repository.commonDirectory, 'orbit/workspaces/T1-7.json');
  const workspace = await prepare();
  const unready = { ...JSON.parse(readFileSync(record, 'utf8')), ready: false };
  const leftovers: (() => void)[] = [
    () => rmSync(join(workspace.directory, 'a')),
    () => rmSync(workspace.directory, { recursive: true }),
    () => rmSync(join(workspace.directory, '.git')),
    () => rmSync(join(repository.commonDirectory, 'worktrees/T1-7'), { recursive: true }),
    () => writeFileSync(record, JSON.stringify({ ...unready, admin: null })),
  ];
  for (const leave of leftovers) {
    writeFileSync(record, JSON.stringify(unready));
    leave();
    expect(await prepare()).toEqual(workspace);
    expect(made.gitIn(workspace.directory, 'status', '--porcelain')).toBe('');
    expect(made.gitIn(workspace.directory, 'rev-parse', 'HEAD')).toBe(base);
    expect(readdirSync(join(repository.commonDirectory, 'worktrees'))).toEqual(['T1-7']);
  }
});

test('S9 names and bases made to break refs, paths or arguments are refused', async () => {
  using setup = await setUp();
  const { made, base, workspaces } = setup;
  const bad = [
    '001/-x',
    '001/$(touch x)',
    '001/a b',
    '001/..',
    '001/x.lock',
    '001/\u3000',
    '001/a\0b',
    '001/a/b',
    'T1',
    '/T1',
    '-x/T1',
  ];
  for (const name of bad) {
    const order = { task: name as TaskKey, token: 1, base, bring: [] };
    await expect(workspaces.prepare(order)).rejects.toMatchObject({ code: 'bad-id' });
    await expect(workspaces.salvage(name as TaskKey, 1, null)).rejects.toMatchObject({ code: 'bad-id' });
  }
  for (const wrong of ['main', '--all', '', base.slice(1)]) {
    await expect(workspaces.prepare({ task, token: 1, base: wrong, bring: [] })).rejects.toMatchObject({
      code: 'bad-id',
    });
  }
  await expect(workspaces.prepare({ task, token: -1, base, bring: [] })).rejects.toMatchObject({ code: 'bad-id' });
  expect(existsSync(join(made.directory, '.worktrees'))).toBe(false);
});

test('S7 a folder of workspaces that is a link, or holds something else of that name, is refused', async () => {
  using setup = await setUp();
  const { made, prepare } = setup;
  mkdirSync(join(made.directory, '../elsewhere'));
  symlinkSync('../elsewhere', join(made.directory, '.worktrees'));
  await expect(prepare()).rejects.toMatchObject({ code: 'workspace-unsafe' });
  expect(readdirSync(join(made.directory, '../elsewhere'))).toEqual([]);
  rmSync(join(made.directory, '.worktrees'));
  made.write({ '.worktrees/T1-7/mine': 'x' });
  await expect(prepare()).rejects.toMatchObject({ code: 'workspace-failed' });
  expect(readFileSync(join(made.directory, '.worktrees/T1-7/mine'), 'utf8')).toBe('x');
});

test('P11 files are brought along, links are not followed on either side', async () => {
  using setup = await setUp({ a: '1', '.gitignore': '.env*\nconfig/\nloot/\n' });
  const { made, workspaces } = setup;
  symlinkSync('../outside', join(made.directory, 'trap'));
  const base = made.commit('A folder that is a link in the commit');
  made.write({ outside: 'not a folder' }, join(made.directory, '..'));
  made.write({ '.env': 'KEY=1', 'config/deep/x': 'y', a: 'edited by hand' });
  symlinkSync('/etc/passwd', join(made.directory, '.env.link'));
  symlinkSync('/etc', join(made.directory, 'loot'));
  const bring = ['.env*', 'config', 'loot/**', 'a', 'trap/*', 'nothing'];
  const workspace = await workspaces.prepare({ task, token: 7, base, bring });
  expect(readFileSync(join(workspace.directory, '.env'), 'utf8')).toBe('KEY=1');
  expect(readFileSync(join(workspace.directory, 'config/deep/x'), 'utf8')).toBe('y');
  expect(readFileSync(join(workspace.directory, 'a'), 'utf8')).toBe('1');
  expect(existsSync(join(workspace.directory, '.env.link'))).toBe(false);
  expect(existsSync(join(workspace.directory, 'loot'))).toBe(false);
  for (const pattern of ['../x', '/etc/passwd', 'a/../../x']) {
    const order = { task, token: 8, base, bring: [pattern] };
    await expect(workspaces.prepare(order)).rejects.toMatchObject({ code: 'bad-settings' });
  }
});

test('I19 a brought file that git does not ignore is neither dirty nor saved', async () => {
  using setup = await setUp({ a: '1' });
  const { made, base, workspaces } = setup;
  made.write({ 'secret[1].txt': 'KEY=1' });
  const workspace = await workspaces.prepare({ task, token: 7, base, bring: ['secret*'] });
  expect(existsSync(join(workspace.directory, 'secret[1].txt'))).toBe(true);
  expect((await workspaces.look(workspace.directory, base))?.dirty).toEqual([]);
  expect(await workspaces.salvage(task, 7, workspace.directory)).toEqual([]);
});

test('P2 a look tells commits, paths and dirty files', async () => {
  using setup = await setUp();
  const { made, base, workspaces, prepare } = setup;
  const { directory } = await prepare();
  expect(await workspaces.look(directory, base)).toMatchObject({ commit: base, commits: 0, changed: [], dirty: [] });
  made.write({ a: '2\n', 'n ä\n': 'x' }, directory);
  const commit = made.commit('work', directory);
  made.write({ 'd/b': '3\n', new: 'x', 'ignored/x': 'y' }, directory);
  const work = await workspaces.look(directory, base);
  expect(work).toMatchObject({ commit, base, commits: 1, changed: ['a', 'n ä\n'], dirty: ['d/b', 'new'] });
  expect(work?.tree).toBe(made.git('rev-parse', `${commit}^{tree}`));
  made.gitIn(directory, 'update-index', '--assume-unchanged', 'a');
  made.gitIn(directory, 'update-index', '--skip-worktree', 'd/b');
  made.write({ a: 'hidden\n' }, directory);
  expect((await workspaces.look(directory, base))?.dirty).toEqual(['a', 'd/b', 'new']);
  made.gitIn(directory, 'checkout', '-q', '--orphan', 'fresh');
  expect(await workspaces.look(directory, base)).toMatchObject({ commit, commits: 1 });
  expect(await workspaces.look(join(made.directory, '.worktrees/T1-8'), base)).toBeNull();
  expect(await workspaces.look(made.directory, base)).toBeNull();
});

test('P1 I7 committed, detached, amended, other-branch, staged and dirty work is all kept and found', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare } = setup;
  const { directory } = await prepare();
  const commits = [];
  for (const name of ['one', 'two']) {
    made.write({ [name]: 'x' }, directory);
    commits.push(made.commit(name, directory));
  }
  made.gitIn(directory, 'commit', '-q', '--amend', '-m', 'two, better');
  commits.push(made.gitIn(directory, 'rev-parse', 'HEAD'));
  made.gitIn(directory, 'checkout', '-q', '-b', 'of-my-own');
  made.write({ three: 'x' }, directory);
  commits.push(made.commit('three', directory));
  made.gitIn(directory, 'checkout', '-q', '--detach', 'orbit-work/001/T1-7');
  made.gitIn(directory, 'branch', '-q', '-D', 'of-my-own');
  made.write({ four: 'x' }, directory);
  commits.push(made.commit('four', directory));
  made.write({ a: 'staged' }, directory);
  made.gitIn(directory, 'add', 'a');
  made.write({ a: 'dirty', 'new/file': 'x', 'ignored/x': 'y' }, directory);
  const admin = join(setup.repository.commonDirectory, 'worktrees/T1-7');
  writeFileSync(join(admin, 'index.lock'), '');

  const before = fingerprint(directory, join(admin, 'index'));
  const kept = await workspaces.salvage(task, 7, directory);
  expect(fingerprint(directory, join(admin, 'index'))).toBe(before);
  expect(kept.find(({ ref }) => ref === attemptRef)).toMatchObject({
    commit: commits.at(-1),
    kind: 'attempt',
    task: 'T1',
    token: 7,
  });
  expect(await workspaces.kept()).toEqual(kept);
  expect(await workspaces.kept('T1')).toEqual(kept);
  expect(await workspaces.kept('T2')).toEqual([]);
  const reachable = made.git('rev-list', '--glob=refs/orbit').split('\n');
  for (const commit of commits) expect(reachable).toContain(commit);

  const snapshot = kept.find(({ subject }) => subject.startsWith('Uncommitted work'))?.ref ?? '';
  expect(made.git('show', `${snapshot}:a`)).toBe('dirty');
  expect(made.git('show', `${snapshot}^2:a`)).toBe('staged');
  expect(made.git('show', `${snapshot}:new/file`)).toBe('x');
  expect(made.git('ls-tree', '-r', '--name-only', snapshot)).not.toContain('ignored');
  expect(await workspaces.salvage(task, 7, directory)).toEqual(kept);

  await workspaces.restore(snapshot, 'rescue/T1');
  expect(made.git('show', 'rescue/T1:a')).toBe('dirty');
  await expect(workspaces.restore(snapshot, 'rescue/T1')).rejects.toMatchObject({ code: 'bad-id' });
  await expect(workspaces.restore(snapshot, '-evil')).rejects.toMatchObject({ code: 'bad-id' });
  await expect(workspaces.restore('refs/heads/main', 'x')).rejects.toMatchObject({ code: 'bad-id' });
});

test('I7 an attempt that goes back keeps what it left; one that goes on needs one ref', async () => {
  using setup = await setUp();
  const { made, base, workspaces, prepare } = setup;
  const { directory } = await prepare();
  expect(await workspaces.salvage(task, 7, directory)).toEqual([]);
  const one = made.commit('one', directory);
  expect((await workspaces.salvage(task, 7, directory)).map(({ ref }) => ref)).toEqual([attemptRef]);
  const two = made.commit('two', directory);
  expect(await workspaces.salvage(task, 7, directory)).toMatchObject([{ ref: attemptRef, commit: two }]);
  made.gitIn(directory, 'reset', '-q', '--hard', one);
  const aside = made.commit('aside', directory);
  const kept = await workspaces.salvage(task, 7, directory);
  expect(new Map(kept.map(({ ref, commit }) => [ref, commit]))).toEqual(
    new Map([
      [attemptRef, aside],
      [salvageRef, two],
    ]),
  );
  made.gitIn(directory, 'reset', '-q', '--hard', base);
  expect(await workspaces.salvage(task, 7, directory)).toEqual(kept);
});

test('I7 commits are kept also when directory, index or the whole worktree is gone', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare } = setup;
  const { directory } = await prepare(7);
  const commit = made.commit('one', directory);
  rmSync(directory, { recursive: true });
  expect(await workspaces.salvage(task, 7, directory)).toMatchObject([{ ref: attemptRef, commit }]);
  expect(await workspaces.salvage(task, 7, null)).toMatchObject([{ ref: attemptRef, commit }]);

  const other = await prepare(8);
  made.write({ a: 'dirty' }, other.directory);
  rmSync(join(setup.repository.commonDirectory, 'worktrees/T1-8/index'));
  expect((await workspaces.look(other.directory, setup.base))?.dirty).toEqual(['a']);
  expect(await workspaces.salvage(task, 8, other.directory)).toHaveLength(1);

  const third = await prepare(9);
  const tip = made.commit('nine', third.directory);
  made.git('worktree', 'remove', '--force', '--force', third.directory);
  expect(await workspaces.salvage(task, 9, third.directory)).toMatchObject([{ commit: tip }]);
  expect(await workspaces.remove(task, 9, third.directory)).toBe(true);
});

test('P1 C2 a workspace goes only when all in it is kept, and takes its branch along', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare, notes } = setup;
  const { directory, branch } = await prepare();
  const commit = made.commit('one', directory);
  made.write({ a: 'dirty', 'ignored/deep/x': 'y' }, directory);
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(notes.at(-1)).toContain(commit);
  await workspaces.salvage(task, 7, directory);
  made.write({ a: 'dirtier' }, directory);
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(notes.at(-1)).toContain('uncommitted');
  await workspaces.salvage(task, 7, directory);
  expect(await workspaces.list()).toEqual([{ directory, task: 'T1', token: 7 }]);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(existsSync(directory)).toBe(false);
  expect(made.git('branch', '--list', branch)).toBe('');
  expect(made.git('worktree', 'list')).not.toContain('T1-7');
  expect(await workspaces.list()).toEqual([]);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(await workspaces.kept()).toHaveLength(3);
});

test('P1 a workspace with repositories inside, or not known, stays', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare, notes } = setup;
  const { directory } = await prepare();
  made.gitIn(directory, 'init', '-q', 'nested');
  made.write({ 'nested/x': 'y', beside: 'x' }, directory);
  expect((await workspaces.look(directory, setup.base))?.dirty).toEqual(['beside', 'nested/']);
  await workspaces.salvage(task, 7, directory);
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(notes.at(-1)).toContain('nested is a repository of its own');
  made.commit('inside', join(directory, 'nested'));
  made.commit('swallowed', directory);
  await workspaces.salvage(task, 7, directory);
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(readFileSync(join(directory, 'nested/x'), 'utf8')).toBe('y');

  made.write({ '.worktrees/T1-9/x': 'y' });
  expect(await workspaces.remove(task, 9, join(made.directory, '.worktrees/T1-9'))).toBe(false);
  await expect(workspaces.remove(task, 7, made.directory)).rejects.toMatchObject({ code: 'workspace-unsafe' });
});

test('P1 a branch that is checked out elsewhere is not deleted', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare } = setup;
  const { directory, branch } = await prepare();
  made.gitIn(directory, 'checkout', '-q', '--detach');
  made.git('worktree', 'add', '-q', 'mine', branch);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(made.git('branch', '--list', branch)).toContain(branch);
});

test('S7 a workspace swapped for a link is neither read nor removed', async () => {
  using setup = await setUp();
  const { made, base, workspaces, prepare } = setup;
  const { directory } = await prepare();
  rmSync(directory, { recursive: true });
  symlinkSync(made.directory, directory);
  await expect(workspaces.look(directory, base)).rejects.toMatchObject({ code: 'workspace-unsafe' });
  expect(await workspaces.salvage(task, 7, directory)).toEqual([]);
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(existsSync(join(made.directory, 'a'))).toBe(true);
});

test('S7 what an agent made of folders that Orbit empties leads to nothing of the user being deleted', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare } = setup;
  const precious = join(made.directory, '../precious');
  made.write({ 'kept/a': '1' }, precious);
  const pool = join(made.directory, '.git/orbit/pool');
  mkdirSync(join(pool, '..'), { recursive: true });
  symlinkSync(precious, pool);
  const { directory } = await prepare();
  symlinkSync(precious, join(directory, '../.trash'));
  expect(existsSync(join(precious, 'kept/a'))).toBe(true);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(readdirSync(precious)).toEqual(['kept']);
  expect(existsSync(directory)).toBe(false);
});

test("the user's checkout stays as it is, byte for byte", async () => {
  using setup = await setUp();
  const { made, base, workspaces, prepare } = setup;
  made.write({ a: 'my own edit', mine: 'untracked' });
  const before = fingerprint(made.directory);
  const head = made.git('rev-parse', 'HEAD', 'main');
  const { directory } = await prepare();
  made.write({ a: 'theirs' }, directory);
  made.commit('one', directory);
  made.write({ a: 'dirty' }, directory);
  await workspaces.look(directory, base);
  await workspaces.salvage(task, 7, directory);
  const slot = await workspaces.checkout(base, []);
  await slot.release();
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(fingerprint(made.directory)).toBe(before);
  expect(made.git('rev-parse', 'HEAD', 'main')).toBe(head);
});

test('a check slot shows exactly the commit, whatever the last user left in it', async () => {
  using setup = await setUp();
  const { made, base, workspaces, repository } = setup;
  made.write({ a: 'two\n' });
  const two = made.commit('two');
  const first = await workspaces.checkout(base, []);
  const second = await workspaces.checkout(two, []);
  expect(second.directory).not.toBe(first.directory);
  expect(readFileSync(join(second.directory, 'a'), 'utf8')).toBe('two\n');
  await second.release();
  const gitIn = (...args: string[]): string => made.gitIn(first.directory, ...args);
  const spoil: (() => void)[] = [
    () => made.write({ a: 'edited', 'ignored/x': 'y', new: 'z' }, first.directory),
    () => gitIn('init', '-q', 'nested'),
    () => {
      gitIn('update-index', '--assume-unchanged', 'a');
      gitIn('update-index', '--skip-worktree', 'd/b');
      made.write({ a: 'hidden', 'd/b': 'hidden' }, first.directory);
    },
    () => made.commit('a commit by a check', first.directory),
    () => writeFileSync(join(repository.commonDirectory, 'worktrees/check-1/index.lock'), ''),
    () => writeFileSync(join(first.directory, '.git'), 'gitdir: /nowhere\n'),
    () => writeFileSync(join(repository.commonDirectory, 'worktrees/check-1/commondir'), '/nowhere\n'),
    () => rmSync(first.directory, { recursive: true }),
  ];
  let slot = first;
  for (const harm of spoil) {
    harm();
    await slot.release();
    slot = await workspaces.checkout(base, []);
    expect(slot.directory).toBe(first.directory);
    expect(readdirSync(slot.directory).sort()).toEqual(['.git', '.gitignore', 'a', 'd']);
    expect(readFileSync(join(slot.directory, 'a'), 'utf8')).toBe('1\n');
    expect(readFileSync(join(slot.directory, 'd/b'), 'utf8')).toBe('2\n');
    expect(made.gitIn(slot.directory, 'rev-parse', 'HEAD')).toBe(base);
  }
  await expect(workspaces.checkout('main', [])).rejects.toMatchObject({ code: 'workspace-failed' });
  await expect(workspaces.checkout('0'.repeat(40), [])).rejects.toMatchObject({ code: 'git-failed' });
});

test('P11 C2 32 workspaces at once from four processes, without a lock error', async () => {
  using setup = await setUp();
  const { made, base, workspaces } = setup;
  const script = fileURLToPath(new URL('../../../test/support/prepare-many.ts', import.meta.url));
  const outputs = await Promise.all(
    [0, 8, 16, 24].map(async (first) => run([script, made.directory, base, String(first), '8'], made)),
  );
  const prepared = outputs.flatMap((output) => JSON.parse(output) as Workspace[]);
  expect(new Set(prepared.map(({ directory }) => directory)).size).toBe(32);
  expect(await workspaces.list()).toHaveLength(32);
  for (const { directory, branch } of prepared) {
    expect(made.gitIn(directory, 'symbolic-ref', '--short', 'HEAD')).toBe(branch);
    expect(made.gitIn(directory, 'status', '--porcelain')).toBe('');
  }
  const exclude = readFileSync(join(made.directory, '.git/info/exclude'), 'utf8');
  expect(exclude.split('\n').filter((line) => line === '/.worktrees/')).toHaveLength(1);
  expect(readdirSync(join(made.directory, '.git/orbit/locks'))).toEqual([]);
});

test('I15 what killed processes left of scratch and locks is swept once it is old', async () => {
  using setup = await setUp();
  const { repository, made } = setup;
  const old = new Date(Date.now() - 7_200_000);
  const names = [
    'scratch/1-1-a/HEAD',
    'scratch/2-1-b/HEAD',
    'locks/x.lock',
    'locks/x.lock.1-1-a.draft',
    'locks/y.lock.1-1-b.draft',
  ];
  made.write(Object.fromEntries(names.map((name) => [`orbit/${name}`, ''])), repository.commonDirectory);
  for (const name of ['scratch/1-1-a', 'locks/x.lock', 'locks/x.lock.1-1-a.draft']) {
    utimesSync(join(repository.commonDirectory, 'orbit', name), old, old);
  }
  await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 1 });
  expect(readdirSync(join(repository.commonDirectory, 'orbit/scratch'))).toEqual(['2-1-b']);
  expect(readdirSync(join(repository.commonDirectory, 'orbit/locks')).sort()).toEqual(['x.lock', 'y.lock.1-1-b.draft']);
});

test('I15 a workspace that was never finished is removed without a trace', async () => {
  using setup = await setUp();
  const { made, workspaces, repository, prepare } = setup;
  const record = join(repository.commonDirectory, 'orbit/workspaces/T1-7.json');
  const { directory, branch } = await prepare();
  writeFileSync(record, JSON.stringify({ ...JSON.parse(readFileSync(record, 'utf8')), ready: false, admin: null }));
  rmSync(join(directory, 'a'));
  expect(await workspaces.look(directory, setup.base)).toBeNull();
  expect(await workspaces.salvage(task, 7, directory)).toEqual([]);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(existsSync(directory)).toBe(false);
  expect(made.git('worktree', 'list').split('\n')).toHaveLength(1);
  expect(made.git('branch', '--list', branch)).toBe('');
});

async function run(args: string[], made: TestRepository): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: join(made.directory, '../home') };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const code = await new Promise((answer) => child.once('close', answer));
  expect(code).toBe(0);
  return output;
}

test('I7 P1 work that an attempt began with counts as its own, although it committed nothing itself', async () => {
  using setup = await setUp();
  const { made, base, workspaces } = setup;
  made.write({ 'half.txt': 'half\n' });
  const start = made.commit('Half of it');
  made.git('reset', '--quiet', '--hard', base);
  const { directory } = await workspaces.prepare({ task, token: 7, base, start, bring: [] });
  expect(await workspaces.salvage(task, 7, directory)).toMatchObject([{ ref: attemptRef, commit: start }]);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(made.git('rev-parse', attemptRef)).toBe(start);
});
