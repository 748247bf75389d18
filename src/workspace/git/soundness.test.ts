import { expect, test } from 'vitest';
import { oddObjects } from '../../../test/support/odd-commit.ts';
import { makeRepository } from '../../../test/support/repository.ts';
import { rememberSound, soundnessFault } from './soundness.ts';

test('S6 what git itself makes is sound: long lines, merges, folders beside files, renames, other encodings', async () => {
  using made = makeRepository({ files: { a: '1', 'a.b/c': '1', 'a/../b/c': '2', 'b-c': '1' } });
  const start = made.git('rev-parse', 'HEAD');
  const gitDir = `${made.directory}/.git`;
  expect(await soundnessFault(gitDir, start, start)).toBeNull();
  made.write({ 'dir/x': '1', 'dir.x': '1', dir0: '1' });
  made.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--allow-empty', '-m', 'Encoded \u00e9');
  made.commit('Names that sort oddly');
  made.git('switch', '-q', '-c', 'side', start);
  made.git('mv', 'b/c', 'b/d');
  made.commit('Renamed');
  made.git('merge', '-q', '--no-edit', 'main');
  for (let count = 0; count < 70; count += 1) made.git('commit', '-q', '--allow-empty', '-m', `Step ${count}`);
  expect(await soundnessFault(gitDir, start, 'HEAD')).toBeNull();
  const nameless = (text: string): string => text.replaceAll('Eve <', ' <');
  const odd = oddObjects(made);
  expect(await soundnessFault(gitDir, 'main', odd.commit(made.git('rev-parse', 'main^{tree}'), nameless))).toBeNull();
  made.git('switch', '-q', '--orphan', 'own');
  made.write({ new: '1' });
  expect(await soundnessFault(gitDir, start, made.commit('A history of its own'))).toBeNull();
});

test('S6 broken trees and lost files are found below folders, too, and in SHA-256', async () => {
  using made = makeRepository({ files: { a: '1' }, objectFormat: 'sha256' });
  const gitDir = `${made.directory}/.git`;
  const odd = oddObjects(made);
  const id = odd.blob('x');
  const lost = odd.tree([{ mode: '100644', name: 'lost', id: 'b'.repeat(64) }]);
  const twice = odd.tree([
    { mode: '100644', name: 'x', id },
    { mode: '40000', name: 'x', id: odd.tree([{ mode: '100644', name: 'y', id }]) },
  ]);
  const below = (tree: string): string => odd.commit(odd.onMain([{ mode: '40000', name: 'sub', id: tree }]));
  expect(await soundnessFault(gitDir, 'main', below(lost))).toBe('the content of sub/lost is not in this repository');
  expect(await soundnessFault(gitDir, 'main', below(twice))).toBe(
    'the folder sub is not well formed: x is in it twice',
  );
  const file = odd.commit(odd.onMain([{ mode: '100644', name: 'tree', id: lost }]));
  expect(await soundnessFault(gitDir, 'main', file)).toBe('the content of tree is not in this repository');
  expect(await soundnessFault(gitDir, 'main', 'c'.repeat(64))).toContain('is no commit');
});

test('S6 what was sound is not looked at again, what was not is', async () => {
  const asked: string[] = [];
  const look = rememberSound(async (from, to) => {
    asked.push(`${from} ${to}`);
    return to === 'bad' ? 'broken' : null;
  });
  for (let count = 0; count < 2; count += 1)
    expect([await look('a', 'good'), await look('a', 'bad')]).toEqual([null, 'broken']);
  expect(asked).toEqual(['a good', 'a bad', 'a bad']);
});
