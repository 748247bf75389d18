import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { limits } from '../../core/limits.ts';
import type { Workspace, Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

interface Setup extends Disposable {
  made: TestRepository;
  base: string;
  workspaces: Workspaces;
  pool: string;
  prepare: (token: number, base?: string) => Promise<Workspace>;
  /** Salvages and removes. */
  finish: (token: number, directory: string) => Promise<void>;
}

async function setUp(): Promise<Setup> {
  const made = makeRepository({ files: { a: '1\n', 'd/b': '2\n', '.gitignore': 'ignored/\n' } });
  const repository = await openRepository(made.directory);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 });
  const base = made.git('rev-parse', 'HEAD');
  return {
    made,
    base,
    workspaces,
    pool: join(repository.commonDirectory, 'orbit/pool'),
    prepare: async (token, from = base) => workspaces.prepare({ task: '001/T1', token, base: from, bring: [] }),
    finish: async (token, directory) => {
      await workspaces.salvage('001/T1', token, directory);
      expect(await workspaces.remove('001/T1', token, directory)).toBe(true);
    },
    [Symbol.dispose]: () => made.dispose(),
  };
}

test('P11 a removed workspace serves the next attempt, with nothing left of the last', async () => {
  using setup = await setUp();
  const { made, base, workspaces, pool, prepare, finish } = setup;
  made.write({ a: 'two\n' });
  const two = made.commit('two');
  const first = await prepare(1);
  const inode = statSync(join(first.directory, 'd/b')).ino;
  made.write({ new: 'x', 'ignored/x': 'y' }, first.directory);
  made.commit('work', first.directory);
  made.gitIn(first.directory, 'config', 'extensions.worktreeConfig', 'true');
  made.gitIn(first.directory, 'config', '--worktree', 'core.bare', 'true');
  await finish(1, first.directory);
  expect(readdirSync(pool)).toEqual(['T1-1']);
  expect(readdirSync(join(made.directory, '.worktrees'))).toEqual([]);
  expect(made.git('worktree', 'list').split('\n')).toHaveLength(1);

  const second = await prepare(2, two);
  expect(readdirSync(pool)).toEqual([]);
  expect(statSync(join(second.directory, 'd/b')).ino).toBe(inode);
  expect(readdirSync(second.directory).sort()).toEqual(['.git', '.gitignore', 'a', 'd']);
  expect(readFileSync(join(second.directory, 'a'), 'utf8')).toBe('two\n');
  expect(made.gitIn(second.directory, 'status', '--porcelain', '--branch')).toBe('## orbit-work/001/T1-2');
  expect(made.gitIn(second.directory, 'rev-parse', 'HEAD')).toBe(two);
  expect(await workspaces.look(second.directory, two)).toMatchObject({ commits: 0, dirty: [] });
  expect(await workspaces.salvage('001/T1', 2, second.directory)).toEqual([]);
  expect(await prepare(2, two)).toEqual(second);
  expect(base).not.toBe(two);
});

test('I7 what the last user hid behind index marks does not get to the next', async () => {
  using setup = await setUp();
  const { made, workspaces, prepare, finish, base } = setup;
  const first = await prepare(1);
  made.gitIn(first.directory, 'update-index', '--assume-unchanged', 'a');
  made.gitIn(first.directory, 'update-index', '--skip-worktree', 'd/b');
  made.write({ a: 'hidden', 'd/b': 'hidden' }, first.directory);
  await finish(1, first.directory);
  const second = await prepare(2);
  expect(readFileSync(join(second.directory, 'a'), 'utf8')).toBe('1\n');
  expect(readFileSync(join(second.directory, 'd/b'), 'utf8')).toBe('2\n');
  expect((await workspaces.look(second.directory, base))?.dirty).toEqual([]);
  const [kept] = await workspaces.kept();
  expect(made.git('show', `${kept?.ref}:a`)).toBe('hidden');
});

test('I15 a workspace that a process still stands in is deleted, not given to the next', async () => {
  using setup = await setUp();
  const { pool, prepare, finish } = setup;
  const first = await prepare(1);
  const child = spawn(process.execPath, ['-e', 'console.log(1); process.stdin.resume()'], {
    cwd: first.directory,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((answer) => child.stdout.once('data', answer));
  await finish(1, first.directory);
  expect(existsSync(first.directory)).toBe(false);
  expect(existsSync(pool)).toBe(false);
  child.stdin.end();
  await new Promise((answer) => child.once('close', answer));
});

test('I16 the pool keeps no more than its limit, and every slot goes to one', async () => {
  using setup = await setUp();
  const { made, pool, prepare, finish } = setup;
  const tokens = Array.from({ length: limits.idleWorkspacesMax + 2 }, (_, index) => index + 1);
  const first = await Promise.all(tokens.map(async (token) => prepare(token)));
  await Promise.all(first.slice(1).map(async ({ directory }, index) => finish(index + 2, directory)));
  // A process that is just being started has the files of its parent open for a moment: then a slot is not taken in.
  expect(readdirSync(pool).length).toBeLessThanOrEqual(limits.idleWorkspacesMax);
  await finish(1, first[0]?.directory ?? '');
  expect(readdirSync(pool).length).toBeGreaterThan(0);
  expect(readdirSync(pool).length).toBeLessThanOrEqual(limits.idleWorkspacesMax);
  const second = await Promise.all(tokens.map(async (token) => prepare(token + 100)));
  expect(readdirSync(pool)).toEqual([]);
  for (const { directory, branch } of second) {
    expect(made.gitIn(directory, 'symbolic-ref', '--short', 'HEAD')).toBe(branch);
    expect(made.gitIn(directory, 'status', '--porcelain')).toBe('');
  }
});

test('a slot that is damaged is deleted and a new workspace made', async () => {
  using setup = await setUp();
  const { made, base, pool, prepare, finish } = setup;
  const harm = [
    (slot: string) => rmSync(join(slot, 'files'), { recursive: true }),
    (slot: string) => rmSync(join(slot, 'admin'), { recursive: true }),
    (slot: string) => writeFileSync(join(slot, 'admin/index'), 'no index'),
    (slot: string) => writeFileSync(join(slot, 'files/.git'), 'gitdir: /nowhere\n'),
  ];
  for (const [index, damage] of harm.entries()) {
    const first = await prepare(10 * index);
    await finish(10 * index, first.directory);
    damage(join(pool, readdirSync(pool)[0] ?? ''));
    const second = await prepare(10 * index + 1);
    expect(made.gitIn(second.directory, 'status', '--porcelain')).toBe('');
    expect(made.gitIn(second.directory, 'rev-parse', 'HEAD')).toBe(base);
    expect(readdirSync(pool)).toEqual([]);
  }
});
