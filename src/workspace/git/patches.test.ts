import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { FilePatch, PatchBounds } from '../repository.ts';
import { openRepository } from './git-repository.ts';

const wide: PatchBounds = { files: 100, fileBytes: 100_000, bytes: 1_000_000 };

async function patchesOf(made: TestRepository, bounds: Partial<PatchBounds> = {}): Promise<FilePatch[]> {
  const repository = await openRepository(made.directory);
  const commits = made.git('rev-list', 'HEAD').split('\n');
  return repository.patches(commits[1] ?? '', commits[0] ?? '', { ...wide, ...bounds });
}

test('D7 each changed path has the patch that git prints for it alone, in git’s order', async () => {
  using made = makeRepository({
    files: {
      'a b': '1\n',
      a: '1\n',
      'a.b': '1\n',
      'd/gone': '1\n',
      link: 'x\n',
      mode: '1\n',
      empty: '',
      'ü\tq"': '1\n',
    },
  });
  made.write({ 'a b': '2\n', a: '1\n2\n', 'a/../a.b': '3', 'd/new': 'diff --git a/x b/x\n', 'ü\tq"': '2\n' });
  rmSync(join(made.directory, 'd/gone'));
  rmSync(join(made.directory, 'empty'));
  rmSync(join(made.directory, 'link'));
  symlinkSync('elsewhere', join(made.directory, 'link'));
  chmodSync(join(made.directory, 'mode'), 0o755);
  made.commit('Change');
  const patches = await patchesOf(made);
  const repository = await openRepository(made.directory);
  const changes = await repository.changes('HEAD~1', 'HEAD');
  expect(patches.map(({ path }) => path).toSorted()).toEqual(changes.map(({ path }) => path).toSorted());
  for (const { path, patch } of patches) {
    const alone = ['diff-tree', '-r', '-p', '--no-renames', 'HEAD~1', 'HEAD', '--', path];
    expect(patch).toBe(`${made.git('-c', 'core.quotePath=false', '--literal-pathspecs', ...alone)}\n`);
  }
  const link = patches.find(({ path }) => path === 'link')?.patch ?? '';
  expect(link.match(/^diff --git /gm)).toHaveLength(2);
  expect(patches.find(({ path }) => path === 'mode')?.patch).toContain('new mode 100755');
});

test('D7 what is no text has no patch, also where the repository says so of text, and its neighbours keep theirs', async () => {
  using made = makeRepository({ files: { a: '1\n', b: 'x\0y', c: '1\n' } });
  made.write({ a: '2\n', b: 'x\0z', c: 'Binary files a/c and b/c differ\n' });
  made.commit('Change');
  const [a, b, c] = await patchesOf(made);
  expect([a?.path, b?.path, c?.path]).toEqual(['a', 'b', 'c']);
  expect(a?.patch).toContain('-1\n+2\n');
  expect(b?.patch).toBe(null);
  expect(c?.patch).toContain('+Binary files a/c and b/c differ\n');
});

test('I20 a change of any size is read within its bounds', async () => {
  using made = makeRepository({ files: { first: '1\n' } });
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${10 + index}`, 'x'.repeat(900)]));
  made.write({ ...files, huge: 'line\n'.repeat(1_500_000), large: 'line\n'.repeat(30_000), z: 'last\n' });
  made.commit('Large');
  const few = await patchesOf(made, { files: 5 });
  expect(few.map(({ path }) => path)).toEqual(['f10', 'f11', 'f12', 'f13', 'f14']);
  expect(few.every(({ patch }) => patch?.includes('x'.repeat(900)))).toBe(true);

  const all = await patchesOf(made);
  expect(all).toHaveLength(33);
  expect(all.filter(({ patch }) => patch === null).map(({ path }) => path)).toEqual(['huge', 'large']);
  expect(all.at(-1)).toEqual({ path: 'z', patch: expect.stringContaining('+last\n') });

  const some = await patchesOf(made, { bytes: 10_000 });
  expect(some).toHaveLength(33);
  const told = some.filter(({ patch }) => patch !== null);
  expect(told.length).toBeGreaterThan(5);
  expect(told.length).toBeLessThan(12);
  expect(told).toEqual(all.slice(0, told.length));
});

test('D7 equal commits have no patches, and a commit that is not there is an error', async () => {
  using made = makeRepository({ files: { a: '1\n' } });
  const repository = await openRepository(made.directory);
  const commit = made.git('rev-parse', 'HEAD');
  expect(await repository.patches(commit, commit, wide)).toEqual([]);
  await expect(repository.patches(commit, 'f'.repeat(40), wide)).rejects.toMatchObject({ code: 'git-failed' });
});

test('D7 settings of the repository change neither the order nor the form of patches', async () => {
  using made = makeRepository({ files: { a: '1\n\n\n', b: '1\n' } });
  made.write({ a: '2\n\n\n', b: '2\n', order: 'b\na\n' });
  made.commit('Change');
  const before = await patchesOf(made);
  const odd = { noprefix: 'true', mnemonicPrefix: 'true', orderFile: 'order', context: '0', color: 'always' };
  for (const [name, value] of Object.entries({ ...odd, wordRegex: '.', renames: 'copies', suppressBlankEmpty: 'true' }))
    made.git('config', `diff.${name}`, value);
  made.git('config', 'color.ui', 'always');
  const blank = (patches: FilePatch[]): FilePatch[] =>
    patches.map(({ path, patch }) => ({ path, patch: patch?.replaceAll(/^ $/gm, '') ?? null }));
  expect(blank(await patchesOf(made))).toEqual(blank(before));
});
