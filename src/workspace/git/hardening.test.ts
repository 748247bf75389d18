/** What an agent plants in a repository must not run in Orbit's own git runs (S8). */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { TaskKey } from '../../core/id.ts';
import type { Repository } from '../repository.ts';
import type { Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

const task: TaskKey = '001/T1';

interface Planted extends Disposable {
  made: TestRepository;
  base: string;
  repository: Repository;
  workspaces: Workspaces;
  directory: string;
  /** A program that leaves a mark when it runs. */
  trap: string;
  /** Whether the trap ran since the last question. */
  ran: () => boolean;
}

async function setUp(): Promise<Planted> {
  const made = makeRepository({ files: { a: '1\n', b: '1\n' } });
  const base = made.git('rev-parse', 'HEAD');
  const repository = await openRepository(made.directory);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 });
  const { directory } = await workspaces.prepare({ task, token: 7, base, bring: [] });
  const mark = join(made.directory, '../mark');
  const trap = join(made.directory, '../trap');
  writeFileSync(trap, `#!/bin/sh\ntouch '${mark}'\ncat\n`);
  chmodSync(trap, 0o755);
  const ran = (): boolean => {
    const was = existsSync(mark);
    rmSync(mark, { force: true });
    return was;
  };
  return { made, base, repository, workspaces, directory, trap, ran, [Symbol.dispose]: () => made.dispose() };
}

/** Everything that looks at, saves, merges and lands an agent's work. */
async function lookSaveAndLand(planted: Planted): Promise<void> {
  const { base, repository, workspaces, directory } = planted;
  const work = await workspaces.look(directory, base);
  const commit = work?.commit ?? base;
  await workspaces.salvage(task, 7, directory);
  const merge = await repository.merge(base, commit);
  const landed = await repository.commit({ tree: merge.tree, parents: [base, commit], message: 'Land\n', atMs: 0 });
  await repository.changedPaths(base, landed);
  await repository.subjects(base, landed);
  await repository.patches(base, landed, { files: 10, fileBytes: 10_000, bytes: 10_000 });
  await repository.moveRefs([{ ref: 'refs/heads/orbit/001', from: null, to: landed }]);
  await repository.checkedOut('refs/heads/main');
  await repository.refs('refs/orbit');
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
}

const keys = [
  'core.fsmonitor',
  'core.sshCommand',
  'core.pager',
  'core.editor',
  'core.askPass',
  'core.alternateRefsCommand',
  'core.gitProxy',
  'diff.external',
  'diff.evil.command',
  'diff.evil.textconv',
  'filter.evil.clean',
  'filter.evil.smudge',
  'merge.evil.driver',
  'gpg.program',
  'credential.helper',
  'uploadpack.packObjectsHook',
  'alias.status',
  'hook.evil.command',
];

test('S8 no program named in the shared config or a hook runs in look, salvage, merge, landing and removal', async () => {
  using planted = await setUp();
  const { made, directory, repository, trap, ran } = planted;
  const attributes = '* filter=evil diff=evil merge=evil\n';
  made.write({ '.gitattributes': attributes, a: 'committed\n' }, directory);
  made.commit('work', directory);
  made.write({ a: 'dirty\n', new: 'x\n' }, directory);

  for (const key of keys) made.git('config', key, key === 'alias.status' ? `!${trap}` : trap);
  for (const key of ['commit.gpgSign', 'log.showSignature', 'filter.evil.required']) made.git('config', key, 'true');
  made.git('config', 'hook.evil.event', 'reference-transaction');
  made.write({ 'info/attributes': attributes }, repository.commonDirectory);
  const hooks = join(repository.commonDirectory, 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of ['reference-transaction', 'post-checkout', 'post-index-change', 'pre-commit', 'post-commit']) {
    writeFileSync(join(hooks, hook), readFileSync(trap), { mode: 0o755 });
  }
  // A file of the user's whose time stamp is new would be read through the filter.
  made.write({ a: '1\n' });

  // The traps work: an unguarded git walks into each kind.
  const unguarded = [
    ['-c', 'core.fsmonitor=false', 'hash-object', '--path=a', 'a'],
    ['ls-files', '--modified'],
    ['-c', 'core.fsmonitor=false', 'diff', 'HEAD'],
    ['update-ref', 'refs/heads/x', 'HEAD'],
  ];
  for (const args of unguarded) {
    made.gitIn(directory, ...args);
    expect([args, ran()]).toEqual([args, true]);
  }

  await lookSaveAndLand(planted);
  expect(ran()).toBe(false);
  expect(made.git('-c', 'core.fsmonitor=false', 'show', '--no-ext-diff', 'refs/orbit/salvage/T1/7:a')).toBe('dirty');
});

test('S8 a workspace whose .git was turned elsewhere is reported, its files are kept, nothing runs and it stays', async () => {
  using planted = await setUp();
  const { made, base, workspaces, directory, trap, ran } = planted;
  const own = join(made.directory, '../own');
  made.git('init', '-q', own);
  made.gitIn(own, 'config', 'core.fsmonitor', trap);
  writeFileSync(join(directory, '.git'), `gitdir: ${join(own, '.git')}\n`);
  made.write({ a: 'dirty\n' }, directory);
  await expect(workspaces.look(directory, base)).rejects.toMatchObject({ code: 'workspace-unsafe' });
  expect(await workspaces.salvage(task, 7, directory)).toHaveLength(1);
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(ran()).toBe(false);
  made.gitIn(directory, 'status');
  expect(ran()).toBe(true);
});

test('S8 an admin folder turned to another repository is reported and not obeyed', async () => {
  using planted = await setUp();
  const { made, base, repository, workspaces, directory, ran } = planted;
  made.git('clone', '-q', '--bare', made.directory, '../own.git');
  made.git('--git-dir=../own.git', 'config', 'core.fsmonitor', planted.trap);
  writeFileSync(join(repository.commonDirectory, 'worktrees/T1-7/commondir'), join(made.directory, '../own.git'));
  await expect(workspaces.look(directory, base)).rejects.toMatchObject({ code: 'workspace-unsafe' });
  expect(await workspaces.remove(task, 7, directory)).toBe(false);
  expect(ran()).toBe(false);
});

test('S8 replacement objects and grafts do not change what is read', async () => {
  using planted = await setUp();
  const { made, base, repository } = planted;
  made.write({ a: '2\n' });
  const real = made.commit('real');
  made.write({ evil: 'x' });
  const fake = made.commit('fake');
  made.git('replace', '-f', real, fake);
  made.write({ 'info/grafts': `${real}\n` }, repository.commonDirectory);
  expect(await repository.changedPaths(base, real)).toEqual(['a']);
  expect(await repository.isAncestor(base, real)).toBe(true);
});

test('S6 a path that other systems take for .git is not checked out, whatever the shared config says', async () => {
  using planted = await setUp();
  const { made, workspaces } = planted;
  const allowed = ['-c', 'core.protectNTFS=false', '-c', 'core.protectHFS=false'];
  const blob = made.git('rev-parse', 'HEAD:a');
  for (const key of ['core.protectNTFS', 'core.protectHFS']) made.git('config', key, 'false');
  for (const path of ['git~1/config', '.g\u200cit/config']) {
    made.git(...allowed, 'update-index', '--add', '--cacheinfo', `100644,${blob},${path}`);
    made.git(...allowed, 'commit', '-q', '-m', 'look-alike');
    await expect(workspaces.checkout(made.git('rev-parse', 'HEAD'), [])).rejects.toMatchObject({ code: 'git-failed' });
    made.git(...allowed, 'reset', '-q', '--soft', 'HEAD~1');
    made.git(...allowed, 'read-tree', 'HEAD');
  }
});
