import { assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { nearest, oneLine, printable, safeJson, visible } from './text.ts';

const cases: [name: string, text: string, shown: string][] = [
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a window title', '\u001b]0;owned\u0007text', 'text'],
  ['a link', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['C1 sequences', '\u009b31mred\u009d0;t\u009c.', 'red.'],
  ['a cleared screen', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['carriage return and backspace', 'safe\rrm\b', 'saferm'],
  ['direction', 'a\u202eb\u2066c\u200fd', 'abcd'],
  ['hidden tags', `a${String.fromCodePoint(0xe0041)}b`, 'ab'],
  ['an open sequence', 'end\u001b[', 'end'],
  ['ordinary text', 'Größe 🚀 日本\n\tok', 'Größe 🚀 日本\n\tok'],
];

for (const [name, text, shown] of cases) {
  test(`of ${name} only what is harmless reaches a terminal`, () => expect(printable(text)).toBe(shown));
}

test('whatever the text, no control character but line feed and tab is left', () => {
  assert(
    property(string({ unit: integer({ min: 0, max: 0x2100 }).map((code) => String.fromCharCode(code)) }), (text) => {
      // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
      expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test('safe JSON is the same data without anything that steers a terminal', () => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      const json = safeJson({ text });
      expect(JSON.parse(json)).toEqual({ text });
      // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
      expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test('one line is cut to its width with an ellipsis', () => {
  expect(oneLine('a\n b\tc')).toBe('a b c');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});

const near: [typed: string, meant: string | null][] = [
  ['lisst', 'list'],
  ['raedy', 'ready'],
  ['Claim', 'claim'],
  ['xyz', null],
  ['a', null],
];

for (const [typed, meant] of near) {
  test(`${typed} is taken for ${meant ?? 'nothing'}`, () =>
    expect(nearest(typed, ['list', 'ready', 'claim', 'run'])).toBe(meant));
}

test('in code under review every hidden character is told by its number, and line ends are left alone', () => {
  expect(visible('a\u202eb\u0000\t\u{e0041}\r\nc\rd\ufeff')).toBe(
    'a<U+202E>b<U+0000>\t<U+E0041>\r\nc<U+000D>d<U+FEFF>',
  );
  const character = integer({ min: 0, max: 0x2100 }).map((code) => String.fromCharCode(code));
  assert(
    property(string({ unit: character }), (text) => {
      const shown = visible(text.replaceAll('\r', ''));
      expect(printable(shown)).toBe(shown);
    }),
  );
});
