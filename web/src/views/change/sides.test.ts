import { expect, test } from 'vitest';
import { parsePatch } from './patch.ts';
import { readable } from './readable.ts';
import { languageOf, piecesOf, sidesOf, type Piece } from './sides.ts';

test('colours of both sides find their way back to the lines of the hunk', () => {
  const [hunk] = parsePatch('@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n');
  if (hunk === undefined) throw new Error('the patch has a hunk');
  expect(sidesOf(hunk)).toEqual({ before: 'a\nb\nd', after: 'a\nc\nd' });
  const colour = (text: string): Piece[][] => text.split('\n').map((line) => [[line, '#000', '#fff']]);
  const pieces = piecesOf(hunk, colour('a\nb\nd'), colour('a\nc\nd'));
  expect(pieces.map((line) => line?.[0]?.[0])).toEqual(['a', 'b', 'c', 'd']);
});

test('a language is told from the end of a path', () => {
  expect([languageOf('src/a.TS'), languageOf('x/Makefile'), languageOf('run.sh')]).toEqual([
    'typescript',
    undefined,
    'shellscript',
  ]);
});

test('a colour that cannot be read is moved until it can, others stay', () => {
  expect(readable('#000000', 'light')).toBe('#000000');
  expect(readable('#ffffff', 'dark')).toBe('#ffffff');
  expect(readable('#79797f', 'dark')).not.toBe('#79797f');
  expect(readable('#ffff00', 'light')).not.toBe('#ffff00');
  expect(readable('inherit', 'dark')).toBe('inherit');
});
