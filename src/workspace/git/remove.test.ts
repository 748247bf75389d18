import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';
import { recordOf } from './salvage.ts';
import { readRecord, writeRecord } from './workspace-record.ts';

const task = '001/T1';

test('I15 what a kill inside a removal left is still listed, and the same call completes it', async () => {
  using made = makeRepository({ files: { a: '1\n' } });
  const repository = await openRepository(made.directory);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 });
  const { directory, branch, base } = await workspaces.prepare({
    task,
    token: 7,
    base: made.git('rev-parse', 'HEAD'),
    bring: [],
  });
  const commit = made.commit('work', directory);
  await workspaces.salvage(task, 7, directory);
  // The files went first; then the process was killed.
  rmSync(directory, { recursive: true });
  expect(await workspaces.list()).toEqual([{ directory, task: 'T1', token: 7 }]);
  await workspaces.salvage(task, 7, directory);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(made.git('branch', '--list', branch)).toBe('');
  expect(made.git('worktree', 'list', '--porcelain')).not.toContain('T1-7');
  expect(await workspaces.list()).toEqual([]);
  expect(made.git('rev-list', '--all').split('\n').sort()).toEqual([commit, base].sort());
});

test('I15 what a kill inside a preparation left is still listed, and goes', async () => {
  using made = makeRepository({ files: { a: '1\n' } });
  const repository = await openRepository(made.directory);
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 });
  const common = join(made.directory, '.git');
  const base = made.git('rev-parse', 'HEAD');
  const directory = join(made.directory, '.worktrees/T1-7');
  // The record and the branch come first; then the process was killed.
  await writeRecord(common, { ...recordOf(task, 7), directory, base });
  made.git('branch', 'orbit-work/001/T1-7', base);
  expect(await workspaces.list()).toEqual([{ directory, task: 'T1', token: 7 }]);
  expect(await workspaces.salvage(task, 7, directory)).toEqual([]);
  expect(await workspaces.remove(task, 7, directory)).toBe(true);
  expect(made.git('branch', '--list', 'orbit-work/*')).toBe('');
  expect(await readRecord(common, 'T1-7')).toBe(null);
  expect(existsSync(directory)).toBe(false);
});
