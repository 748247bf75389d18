import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, cutToCells, padToCells, steady, wrapToCells } from './text-width.ts';

test('D11 wide characters take two cells, marks none', () => {
  expect(cellsOf('abc')).toBe(3);
  expect(cellsOf('任務を実行')).toBe(10);
  expect(cellsOf('한국어')).toBe(6);
  expect(cellsOf('é ä')).toBe(3);
  expect(cellsOf('e\u0301')).toBe(1);
  expect(cellsOf('✅🚀')).toBe(4);
  expect(cellsOf('ＡＢ')).toBe(4);
});

test('D11 pictures that terminals draw differently are taken apart before they are measured', () => {
  expect(steady('👩\u200d💻')).toBe('👩💻');
  expect(steady('👍🏽')).toBe('👍');
  expect(steady('🇩🇪')).toBe('DE');
  expect(steady('✔\ufe0f')).toBe('✔');
  expect(steady(`a${'\u0301'.repeat(40)}`).length).toBeLessThan(6);
});

test('D11 a cut text is never wider than it may be, and says that it was cut', () => {
  expect(cutToCells('任務を実行', 5, '>')).toBe('任務>');
  expect(cutToCells('任務', 4, '>')).toBe('任務');
  expect(cutToCells('abc', 0, '>')).toBe('');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (raw, cells) => {
      const text = steady(raw.replace(/\p{Cc}/gu, ''));
      const cut = cutToCells(text, cells, '>');
      expect(cellsOf(cut)).toBeLessThanOrEqual(cells);
      expect(cellsOf(padToCells(cut, cells))).toBe(cells);
      const pieces = wrapToCells(text, cells);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) expect(cellsOf(piece)).toBeLessThanOrEqual(Math.max(2, cells));
    }),
  );
});
