import { expect, test } from 'vitest';
import { KeyReader } from './keys.ts';

const names = (...pieces: readonly string[]): string[] => {
  const reader = new KeyReader();
  return pieces.flatMap((piece) => reader.push(piece)).map(({ name }) => name);
};

test('E4 arrows, pages and characters are read, also in pieces', () => {
  expect(names('j\u001b[A\u001bOB\u001b[5~é\t\u001b[Z\r')).toEqual([
    'j',
    'up',
    'down',
    'page-up',
    'é',
    'tab',
    'back-tab',
    'enter',
  ]);
  expect(names('\u001b', '[', 'A')).toEqual(['up']);
  expect(names('\u001b[1;5A')).toEqual([]);
});

test('E4 a lone escape is a key when nothing follows', () => {
  const reader = new KeyReader();
  expect(reader.push('\u001b')).toEqual([]);
  expect(reader.waits).toBe(true);
  expect(reader.flush()).toEqual([{ name: 'escape', text: '' }]);
  expect(reader.waits).toBe(false);
});

test('E4 pasted text is one key, however it arrives, so that nothing in it acts', () => {
  const reader = new KeyReader();
  expect(reader.push('\u001b[200~cy')).toEqual([]);
  expect(reader.flush()).toEqual([]);
  expect(reader.push('q\u001b[201~j')).toEqual([
    { name: 'paste', text: 'cyq' },
    { name: 'j', text: 'j' },
  ]);
});
