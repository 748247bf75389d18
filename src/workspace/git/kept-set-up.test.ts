import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { CheckSlot, KeptSetUp, SetUpState, Workspace, Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

const installer: KeptSetUp = { commands: ['npm ci'], reads: null, runtime: 'one' };

interface Setup extends Disposable {
  made: TestRepository;
  base: string;
  workspaces: Workspaces;
  notes: string[];
  templates: string;
  /** Another process of the same project. */
  open: (setUp: KeptSetUp | null, caches?: string[]) => Promise<Workspaces>;
  prepare: (token: number, base?: string) => Promise<{ workspace: Workspace; state: SetUpState }>;
  /** Salvages and removes. */
  finish: (token: number, directory: string) => Promise<void>;
}

async function setUp(setUps: KeptSetUp = installer): Promise<Setup> {
  const made = makeRepository({
    files: {
      a: '1\n',
      'package.json': '{}\n',
      'package-lock.json': '{"v":1}\n',
      '.gitignore': 'node_modules/\ncache/\n.env\n',
    },
  });
  const repository = await openRepository(made.directory);
  const notes: string[] = [];
  const open = async (wanted: KeptSetUp | null, caches: string[] = []): Promise<Workspaces> => {
    const note = (text: string): unknown => notes.push(text);
    return openWorkspaces(repository, {
      directory: '.worktrees',
      checkoutsAtOnceMax: 2,
      caches,
      setUp: () => wanted,
      note,
    });
  };
  const workspaces = await open(setUps);
  const base = made.git('rev-parse', 'HEAD');
  return {
    made,
    base,
    workspaces,
    notes,
    templates: join(repository.commonDirectory, 'orbit/templates'),
    open,
    prepare: async (token, from = base) => {
      const workspace = await workspaces.prepare({ task: '001/T1', token, base: from, bring: [] });
      const state = workspaces.setUpOf(workspace.directory);
      if (state === null) throw new Error('no set-up is known');
      return { workspace, state };
    },
    finish: async (token, directory) => {
      await workspaces.salvage('001/T1', token, directory);
      expect(await workspaces.remove('001/T1', token, directory)).toBe(true);
    },
    [Symbol.dispose]: () => made.dispose(),
  };
}

/** What an installer makes: files, a program, a link, an empty folder. */
function install(directory: string): void {
  mkdirSync(join(directory, 'node_modules/left-pad/empty'), { recursive: true });
  writeFileSync(join(directory, 'node_modules/left-pad/index.js'), 'pad\n');
  mkdirSync(join(directory, 'node_modules/.bin'));
  writeFileSync(join(directory, 'node_modules/left-pad/cli'), '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync('../left-pad/cli', join(directory, 'node_modules/.bin/pad'));
}

function expectInstalled(directory: string): void {
  const at = (path: string): string => join(directory, 'node_modules', path);
  expect(readdirSync(at('')).sort()).toEqual(['.bin', 'left-pad']);
  expect(readdirSync(at('left-pad')).sort()).toEqual(['cli', 'empty', 'index.js']);
  expect(readFileSync(at('left-pad/index.js'), 'utf8')).toBe('pad\n');
  expect(statSync(at('left-pad/cli')).mode & 0o777).toBe(0o755);
  expect(lstatSync(at('.bin/pad')).isSymbolicLink()).toBe(true);
}

test('P11 what a set-up made is copied into the next workspaces, never shared with them', async () => {
  using setup = await setUp();
  const { prepare, templates, made } = setup;
  const first = await prepare(1);
  expect(first.state).toMatchObject({ isDone: false, doubt: null });
  install(first.workspace.directory);
  expect(await first.state.keep()).toBeNull();
  expect(readdirSync(templates)).toHaveLength(1);
  const second = await prepare(2);
  expect(second.state.isDone).toBe(true);
  expectInstalled(second.workspace.directory);
  expect(made.gitIn(second.workspace.directory, 'status', '--porcelain')).toBe('');
  writeFileSync(join(second.workspace.directory, 'node_modules/left-pad/index.js'), 'evil\n');
  expectInstalled(first.workspace.directory);
  expectInstalled((await prepare(3)).workspace.directory);
});

test('P11 I16 the next user of a slot gets the dependencies of the last as the set-up made them, whatever that one did', async () => {
  using setup = await setUp();
  const { prepare, finish } = setup;
  const first = await prepare(1);
  install(first.workspace.directory);
  await first.state.keep();
  const inode = statSync(join(first.workspace.directory, 'node_modules/left-pad/index.js')).ino;
  // An agent's tools leave caches in there.
  mkdirSync(join(first.workspace.directory, 'node_modules/.cache'));
  writeFileSync(join(first.workspace.directory, 'node_modules/.cache/x'), 'x');
  mkdirSync(join(first.workspace.directory, 'cache'));
  writeFileSync(join(first.workspace.directory, 'cache/x'), 'x');
  await finish(1, first.workspace.directory);
  const second = await prepare(2);
  expect(second.state.isDone).toBe(true);
  expectInstalled(second.workspace.directory);
  expect(existsSync(join(second.workspace.directory, 'cache'))).toBe(false);
  const path = join(second.workspace.directory, 'node_modules/left-pad/index.js');
  expect(statSync(path).ino).toBe(inode);
  // Poison of the same length with its times set back.
  const { atime, mtime } = statSync(path);
  writeFileSync(path, 'PAD\n');
  utimesSync(path, atime, mtime);
  await finish(2, second.workspace.directory);
  const third = await prepare(3);
  expectInstalled(third.workspace.directory);
  expect(third.state.isDone).toBe(true);
  // Two files change places.
  const at = (name: string): string => join(third.workspace.directory, 'node_modules/left-pad', name);
  renameSync(at('index.js'), at('other'));
  renameSync(at('cli'), at('index.js'));
  renameSync(at('other'), at('cli'));
  await finish(3, third.workspace.directory);
  expectInstalled((await prepare(4)).workspace.directory);
});

test('P11 another lockfile, another run-time or another command means another set-up', async () => {
  using setup = await setUp();
  const { made, prepare, finish, open, base } = setup;
  const first = await prepare(1);
  install(first.workspace.directory);
  await first.state.keep();
  await finish(1, first.workspace.directory);
  made.write({ 'package-lock.json': '{"v":2}\n' });
  const locked = made.commit('two');
  const other = await prepare(2, locked);
  expect(other.state.isDone).toBe(false);
  expect(existsSync(join(other.workspace.directory, 'node_modules'))).toBe(false);
  made.write({ 'package-lock.json': '{"v":1}\n', a: '2\n' });
  const source = made.commit('three');
  expect((await prepare(3, source)).state.isDone).toBe(true);
  for (const changed of [
    { ...installer, runtime: 'two' },
    { ...installer, commands: ['npm ci', 'npm i'] },
  ]) {
    const slot = await (await open(changed)).checkout(base, []);
    expect(existsSync(join(slot.directory, 'node_modules'))).toBe(false);
    await slot.release();
  }
});

test('P11 in doubt nothing is kept: scripts that build, files that git sees, files that name their folder, files brought along', async () => {
  using setup = await setUp();
  const { made, prepare, base, workspaces } = setup;
  const one = await prepare(1);
  install(one.workspace.directory);
  writeFileSync(join(one.workspace.directory, 'seen'), '');
  expect(await one.state.keep()).toContain('seen, which git does not ignore');
  const two = await prepare(2);
  install(two.workspace.directory);
  writeFileSync(
    join(two.workspace.directory, 'node_modules/.bin/activate'),
    `cd ${two.workspace.directory}/node_modules\n`,
  );
  expect(await two.state.keep()).toContain('node_modules/.bin/activate names the folder');
  expect((await prepare(3)).state.isDone).toBe(false);
  made.write({ 'package.json': '{"scripts":{"prepare":"tsc"}}' });
  const built = await prepare(4, made.commit('build'));
  expect(built.state.doubt).toContain('"prepare"');
  expect(await built.state.keep()).toContain('"prepare"');
  made.write({ '.env': 'x', 'node_modules/mine/x': '' });
  const brought = await workspaces.prepare({ task: '001/T1', token: 5, base, bring: ['node_modules/mine'] });
  expect(await workspaces.setUpOf(brought.directory)?.keep()).toContain('node_modules holds files brought along');
});

test('P11 a template that somebody touched is removed, and the set-up runs', async () => {
  using setup = await setUp();
  const { prepare, templates, notes } = setup;
  const first = await prepare(1);
  install(first.workspace.directory);
  await first.state.keep();
  const [key = ''] = readdirSync(templates);
  writeFileSync(join(templates, key, 'files/node_modules/left-pad/index.js'), 'PAD\n');
  const second = await prepare(2);
  expect(second.state.isDone).toBe(false);
  expect(existsSync(join(second.workspace.directory, 'node_modules'))).toBe(false);
  expect(readdirSync(templates)).toEqual([]);
  expect(notes.join()).toContain('was changed');
});

test('I7 a commit whose dependencies are a link or files of its own is not written through', async () => {
  using setup = await setUp();
  const { made, prepare, base } = setup;
  const first = await prepare(1);
  install(first.workspace.directory);
  await first.state.keep();
  const outside = join(made.directory, '..', 'outside');
  mkdirSync(outside);
  symlinkSync(outside, join(made.directory, 'node_modules'));
  made.git('add', '--force', 'node_modules');
  const linked = await prepare(2, made.commit('link'));
  expect(linked.state.isDone).toBe(false);
  expect(readdirSync(outside)).toEqual([]);
  expect(made.gitIn(linked.workspace.directory, 'status', '--porcelain')).toBe('');
  made.git('reset', '-q', '--hard', base);
  made.write({ 'node_modules/left-pad/index.js': 'own\n' });
  made.git('add', '--force', 'node_modules');
  const own = await prepare(3, made.commit('vendored'));
  expect(readFileSync(join(own.workspace.directory, 'node_modules/left-pad/index.js'), 'utf8')).toBe('own\n');
  expect(made.gitIn(own.workspace.directory, 'status', '--porcelain')).toBe('');
});

test('I8 P11 a check slot keeps declared caches and proven dependencies, and nothing else of its last user', async () => {
  using setup = await setUp();
  const { base, open, made } = setup;
  const workspaces = await open(installer, ['cache/']);
  const fill = async (slot: CheckSlot): Promise<void> => {
    install(slot.directory);
    expect(await workspaces.setUpOf(slot.directory)?.keep()).toBeNull();
    mkdirSync(join(slot.directory, 'cache'));
    writeFileSync(join(slot.directory, 'cache/x'), '');
    writeFileSync(join(slot.directory, 'stale.js'), '');
    writeFileSync(join(slot.directory, 'node_modules/stale.js'), '');
    await slot.release();
  };
  await fill(await workspaces.checkout(base, []));
  const second = await workspaces.checkout(base, []);
  expect(workspaces.setUpOf(second.directory)?.isDone).toBe(true);
  expectInstalled(second.directory);
  expect(readdirSync(second.directory).sort()).toEqual([
    '.git',
    '.gitignore',
    'a',
    'cache',
    'node_modules',
    'package-lock.json',
    'package.json',
  ]);
  await second.release();
  // Where the commit does not ignore it, a cache would pass for new work.
  made.write({ '.gitignore': 'node_modules/\n' });
  const third = await workspaces.checkout(made.commit('no cache'), []);
  expect(existsSync(join(third.directory, 'cache'))).toBe(false);
  await third.release();
});

test('P11 what cannot be copied elsewhere is kept where it is in a check slot', async () => {
  using setup = await setUp();
  const { base, workspaces } = setup;
  const first = await workspaces.checkout(base, []);
  mkdirSync(join(first.directory, 'node_modules'));
  writeFileSync(join(first.directory, 'node_modules/home'), first.directory);
  expect(await workspaces.setUpOf(first.directory)?.keep()).toBeNull();
  await first.release();
  const second = await workspaces.checkout(base, []);
  expect(workspaces.setUpOf(second.directory)?.isDone).toBe(true);
  expect(readFileSync(join(second.directory, 'node_modules/home'), 'utf8')).toBe(second.directory);
  await second.release();
});
