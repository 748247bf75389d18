import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';

test('P2 changes tell kind, modes and ids, a rename as two', async () => {
  using made = makeRepository({ files: { plain: '1\n', gone: '2\n', moved: 'a long enough text\n', run: '3\n' } });
  const from = made.git('rev-parse', 'HEAD');
  made.write({ plain: '1\n4\n', 'new name': 'a long enough text\n' });
  made.git('rm', '-q', 'gone', 'moved');
  chmodSync(join(made.directory, 'run'), 0o755);
  symlinkSync('../outside', join(made.directory, 'link'));
  const to = made.commit('Change');
  const repository = await openRepository(made.directory);
  const changes = await repository.changes(from, to);
  expect(changes.map(({ path, kind, oldMode, newMode }) => [path, kind, oldMode, newMode])).toEqual([
    ['gone', 'deleted', '100644', null],
    ['link', 'added', null, '120000'],
    ['moved', 'deleted', '100644', null],
    ['new name', 'added', null, '100644'],
    ['plain', 'changed', '100644', '100644'],
    ['run', 'changed', '100644', '100755'],
  ]);
  const ids = changes.flatMap(({ newId }) => newId ?? []);
  const texts = await repository.texts([...ids, 'f'.repeat(40)]);
  expect(ids.map((id) => texts.get(id))).toEqual(['../outside', 'a long enough text\n', '1\n4\n', '3\n']);
  expect(texts.size).toBe(4);
  expect(await repository.changes(to, to)).toEqual([]);
  expect(await repository.lineCounts(from, to)).toEqual({ added: 3, removed: 2 });
});

test('I20 more content than can be held is left out, the smaller files are read', async () => {
  using made = makeRepository({ files: {} });
  const content = (count: number): string => String(count).repeat(1_048_576 * 12);
  made.write(Object.fromEntries([1, 2, 3].map((count) => [`huge-${count}`, content(count)])));
  made.write({ small: 'text' });
  made.commit('Large');
  const idOf = (path: string): string => made.git('rev-parse', `HEAD:${path}`);
  const repository = await openRepository(made.directory);
  const texts = await repository.texts([...[1, 2, 3].map((count) => idOf(`huge-${count}`)), idOf('small')]);
  expect(texts.get(idOf('small'))).toBe('text');
  expect(texts.size).toBe(3);
});

test('S6 a submodule shows, although settings and .gitmodules say to ignore it', async () => {
  using made = makeRepository({
    files: { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = x\n\tignore = all\n' },
  });
  const from = made.git('rev-parse', 'HEAD');
  made.git('config', 'diff.ignoreSubmodules', 'all');
  made.git('config', 'submodule.lib.ignore', 'all');
  made.git('update-index', '--add', '--cacheinfo', `160000,${from},lib`);
  const to = made.git('commit-tree', '-p', from, '-m', 'Add lib', made.git('write-tree'));
  const repository = await openRepository(made.directory);
  expect(await repository.changes(from, to)).toMatchObject([
    { path: 'lib', kind: 'added', newMode: '160000', newId: from },
  ]);
  expect(await repository.changedPaths(from, to)).toEqual(['lib']);
});
