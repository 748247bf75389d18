import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';

const branchOff = (made: TestRepository, from: string, files: Record<string, string>): string => {
  made.git('checkout', '-q', '--detach', from);
  made.write(files);
  return made.commit('work');
};

/** All objects, packed or not, and what lies in Orbit's own folder. */
const stored = (made: TestRepository): string =>
  [
    made.git('cat-file', '--batch-check', '--batch-all-objects', '--unordered').split('\n').sort().join('\n'),
    ...readdirSync(join(made.directory, '.git', 'objects'), { recursive: true })
      .map(String)
      .sort(),
    ...readdirSync(join(made.directory, '.git', 'orbit', 'scratch')).map(String),
  ].join('\n');

for (const objectFormat of ['sha1', 'sha256'] as const) {
  test(`D5 many merges in one run: clean, conflict, no common history, a commit that is gone (${objectFormat})`, async () => {
    using made = makeRepository({ files: { a: '1\n2\n3\n4\n5\n', 'lib/one': 'x\n' }, objectFormat });
    const base = made.git('rev-parse', 'HEAD');
    const first = branchOff(made, base, { a: 'one\n2\n3\n4\n5\n' });
    const second = branchOff(made, base, { a: 'two\n2\n3\n4\n5\n', b: 'b' });
    const last = branchOff(made, base, { a: '1\n2\n3\n4\nlast\n' });
    made.git('checkout', '-q', '--orphan', 'other');
    const other = made.commit('A history of its own');
    const repository = await openRepository(made.directory);
    const pair = (ours: string, theirs: string): { ours: string; theirs: string; base: null } => ({
      ours,
      theirs,
      base: null,
    });
    await repository.tryMerges([pair(first, second)], base);
    const before = stored(made);
    const verdicts = await repository.tryMerges(
      [
        pair(first, last),
        pair(first, second),
        pair(first, other),
        pair(other, second),
        pair('0'.repeat(base.length), second),
        pair(second, last),
        pair(second, first),
        pair(base, first),
      ],
      base,
    );
    expect(verdicts).toEqual([[], ['a'], null, null, null, [], ['a'], []]);
    expect(stored(made)).toBe(before);
    expect(await repository.tryMerges([], base)).toEqual([]);
  });
}

test('D5 with a base of choice only what came after it is merged, and no stand-in stays', async () => {
  using made = makeRepository({ files: { a: '1\n' } });
  const start = made.git('rev-parse', 'HEAD');
  const below = branchOff(made, start, { a: '2\n' });
  const above = branchOff(made, below, { b: '2\n' });
  const target = branchOff(made, start, { a: 'other\n' });
  const repository = await openRepository(made.directory);
  await repository.tryMerges([{ ours: target, theirs: start, base: null }], start);
  const before = stored(made);
  const verdicts = await repository.tryMerges(
    [
      { ours: target, theirs: above, base: below },
      { ours: target, theirs: above, base: null },
      { ours: target, theirs: above, base: '0'.repeat(40) },
    ],
    target,
  );
  expect(verdicts).toEqual([[], ['a'], null]);
  expect(stored(made)).toBe(before);
});

test('D5 clashes of files and folders and moved folders name paths that somebody has', async () => {
  using made = makeRepository({ files: { 'lib/one': 'one\n', 'lib/two': 'two\n', rest: 'r\n' } });
  const base = made.git('rev-parse', 'HEAD');
  const folder = branchOff(made, base, { 'place/x': 'x\n' });
  const file = branchOff(made, base, { place: 'file\n' });
  const adds = branchOff(made, base, { 'lib/three': 'three\n' });
  made.git('checkout', '-q', '--detach', base);
  made.git('mv', 'lib', 'moved');
  const moves = made.commit('Move');
  const repository = await openRepository(made.directory);
  const [clash, move] = await repository.tryMerges(
    [
      { ours: folder, theirs: file, base: null },
      { ours: moves, theirs: adds, base: null },
    ],
    base,
  );
  expect(clash).toContain('place');
  expect(move).toContain('lib/three');
});

test('D5 I20 merges obey the attributes of the target, and hostile names come through whole', async () => {
  const name = '-x "q"\n\\\u00e9\t:0';
  using made = makeRepository({ files: { log: 'a\n', '.gitattributes': 'log merge=union\n', [name]: '1\n' } });
  const base = made.git('rev-parse', 'HEAD');
  const ours = branchOff(made, base, { log: 'a\nb\n', [name]: '2\n' });
  const theirs = branchOff(made, base, { log: 'a\nc\n', [name]: '3\n' });
  const repository = await openRepository(made.directory);
  expect(await repository.tryMerges([{ ours, theirs, base: null }], base)).toEqual([[name]]);
  expect(await repository.pathSets([{ from: base, to: ours }])).toMatchObject([
    new Map([
      [name, expect.any(String)],
      ['log', expect.any(String)],
    ]),
  ]);
  expect(await repository.patch(base, ours, [name])).toContain('-1\n+2');
  expect(await repository.patch(base, ours, [])).toBe('');
});

test('D5 a repository that borrows its objects, in a folder with an awkward name, is looked at as any other', async () => {
  using made = makeRepository({ files: { a: '1\n' } });
  made.git('clone', '-q', '--shared', '.', '../co:py "x"');
  const directory = join(made.directory, '..', 'co:py "x"');
  const base = made.git('rev-parse', 'HEAD');
  const commit = (text: string): string => {
    made.gitIn(directory, 'checkout', '-q', '--detach', base);
    made.write({ a: text }, directory);
    return made.commit('work', directory);
  };
  const [ours, theirs] = [commit('2\n'), commit('3\n')];
  const repository = await openRepository(directory);
  expect(await repository.tryMerges([{ ours, theirs, base }], base)).toEqual([['a']]);
});

test('D5 changes: files by mode and id, what is gone, folders that are gone, a file where a folder was', async () => {
  using made = makeRepository({
    files: {
      keep: 'k',
      gone: 'g',
      'old/a': '1',
      'old/deep/b': '2',
      'half/a': '1',
      'half/b': '2',
      'was/x': 'x',
      flat: 'f',
    },
  });
  const from = made.git('rev-parse', 'HEAD');
  made.git('rm', '-q', '-r', 'gone', 'old', 'half/a', 'was', 'flat');
  made.write({ keep: 'kk', was: 'now a file', 'flat/y': 'now a folder' });
  const to = made.commit('Change');
  const repository = await openRepository(made.directory);
  const blob = (path: string): string => `100644 ${made.git('rev-parse', `${to}:${path}`)}`;
  const expected = new Map([
    ['flat', ''],
    ['flat/y', blob('flat/y')],
    ['gone', ''],
    ['half/a', ''],
    ['keep', blob('keep')],
    ['old/', ''],
    ['old/a', ''],
    ['old/deep/', ''],
    ['old/deep/b', ''],
    ['was', blob('was')],
    ['was/', ''],
    ['was/x', ''],
  ]);
  const [there, same, back, none] = await repository.pathSets([
    { from, to },
    { from: to, to },
    { from, to },
    { from, to: '0'.repeat(40) },
  ]);
  expect(there).toEqual(expected);
  expect(same).toEqual(new Map());
  expect(back).toEqual(expected);
  expect(none).toBeNull();
});

test('D5 a patch is a summary and the lines', async () => {
  using made = makeRepository({ files: { a: '1\n', b: '1\n' } });
  const from = made.git('rev-parse', 'HEAD');
  const to = branchOff(made, from, { a: '2\n', b: '2\n' });
  const large = branchOff(made, from, { a: 'x\n'.repeat(1_000_000) });
  const repository = await openRepository(made.directory);
  const text = await repository.patch(from, to, ['a']);
  expect(text).toContain(' a | 2 +-');
  expect(text).toContain('-1\n+2');
  expect(text).not.toContain('b/b');
  expect(await repository.patch(from, large, ['a'])).toMatch(/a \| 1000001 \+[^\n]*\n/);
});
