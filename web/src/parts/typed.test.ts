import { expect, test } from 'vitest';
import { linesOf, toggled, wordsOf } from './typed.ts';

test('what is typed as a list is read without what is empty', () => {
  expect(linesOf(' src/a b.ts \n\n test/**\r\n')).toEqual(['src/a b.ts', 'test/**']);
  expect(wordsOf(' T1, T2\nT3,')).toEqual(['T1', 'T2', 'T3']);
  expect([linesOf(' \n'), wordsOf(' , ')]).toEqual([[], []]);
});

test('a press turns a choice over and leaves the one before as it was', () => {
  const before = new Set(['a']);
  expect([toggled(before, 'b'), toggled(before, 'a'), before]).toEqual([
    new Set(['a', 'b']),
    new Set(),
    new Set(['a']),
  ]);
});
