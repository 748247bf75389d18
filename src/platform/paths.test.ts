import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../test/support/repository.ts';
import type { UsageError } from './error.ts';
import { readHead, readRef } from './head.ts';
import { findProject, findRepository } from './paths.ts';

test('A1 every worktree and directory of a repository finds the same project', () => {
  using repository = makeRepository({ files: { 'a/b/c': 'x' } });
  const { directory } = repository;
  const linked = `${directory}-linked`;
  repository.git('worktree', 'add', '-q', '--detach', linked);
  for (const start of [directory, join(directory, 'a/b'), linked, join(linked, 'a')]) {
    const paths = findRepository(start);
    expect(paths).toMatchObject({
      top: directory,
      commonDirectory: join(directory, '.git'),
      database: join(directory, '.git/orbit/orbit.db'),
    });
    expect(paths.worktree).toBe(start.startsWith(linked) ? linked : directory);
    expect(paths.gitDirectory).toBe(repository.gitIn(start, 'rev-parse', '--absolute-git-dir'));
  }
});

test('a submodule, and a checkout with its git directory elsewhere, are projects of their own', () => {
  using repository = makeRepository({ files: { a: 'x' } });
  const { directory } = repository;
  repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', directory, 'inner');
  const inner = join(directory, 'inner');
  expect(findRepository(inner)).toMatchObject({ top: inner, commonDirectory: join(directory, '.git/modules/inner') });
  repository.gitIn(inner, 'worktree', 'add', '-q', '--detach', `${directory}-inner`);
  expect(findRepository(`${directory}-inner`).top).toBe(inner);
  const apart = `${directory}-apart`;
  repository.git('clone', '-q', `--separate-git-dir=${apart}.git`, directory, apart);
  expect(findRepository(apart)).toMatchObject({ top: apart, commonDirectory: realpathSync(`${apart}.git`) });
});

test('bare, missing and not initialised repositories are told apart', () => {
  using repository = makeRepository({ files: { a: 'x' } });
  const bare = `${repository.directory}.git`;
  repository.git('clone', '-q', '--bare', repository.directory, bare);
  repository.gitIn(bare, 'worktree', 'add', '-q', '--detach', `${bare}-tree`);
  mkdirSync(join(repository.directory, '../plain'));
  const code = (find: () => unknown): string => {
    try {
      find();
      return 'found';
    } catch (error) {
      return (error as UsageError).code;
    }
  };
  expect(code(() => findRepository(bare))).toBe('bare-repository');
  expect(code(() => findRepository(join(bare, 'refs')))).toBe('bare-repository');
  expect(code(() => findRepository(`${bare}-tree`))).toBe('bare-repository');
  expect(code(() => findRepository(join(repository.directory, '../plain')))).toBe('not-a-repository');
  expect(code(() => findProject(repository.directory))).toBe('not-a-project');
});

test('HEAD is read as git reads it: branch, detached, packed, unborn', () => {
  using repository = makeRepository({ files: { a: 'x' } });
  const { directory } = repository;
  const commit = repository.git('rev-parse', 'HEAD');
  const paths = findRepository(directory);
  expect(readHead(paths)).toEqual({ branch: 'refs/heads/main', commit });
  repository.git('pack-refs', '--all');
  expect(readHead(paths)).toEqual({ branch: 'refs/heads/main', commit });
  repository.git('checkout', '-q', '--detach');
  expect(readHead(paths)).toEqual({ branch: null, commit });
  repository.git('checkout', '-q', '--orphan', 'unborn');
  expect(readHead(paths)).toEqual({ branch: 'refs/heads/unborn', commit: null });
  expect(readRef(paths.commonDirectory, 'refs/heads/main')).toBe(commit);
  expect(readRef(paths.commonDirectory, 'refs/heads/ain')).toBeNull();
});

test('HEAD of a linked worktree is its own, its branch is shared', () => {
  using repository = makeRepository({ files: { a: 'x' } });
  const linked = `${repository.directory}-linked`;
  repository.git('worktree', 'add', '-q', '-b', 'side', linked);
  const commit = repository.commit('Side', linked);
  expect(readHead(findRepository(linked))).toEqual({ branch: 'refs/heads/side', commit });
  expect(readHead(findRepository(repository.directory)).commit).not.toBe(commit);
});
