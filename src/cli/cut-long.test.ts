import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { longCutter } from './cut-long.ts';

const long = 'x'.repeat(100_000);

test('a long argument is shown by its head and by how much was left out, wherever it stands in a message', () => {
  const { message: cut } = longCutter(['show', long]);
  const shown = `${'x'.repeat(400)}… (99600 more characters)`;
  expect(cut(`there is no task ${long} in any plan`)).toBe(`there is no task ${shown} in any plan`);
  expect(cut(`"${long}" cannot be a name; orbit show ${long}`)).toBe(
    `"${shown}" cannot be a name; orbit show ${shown}`,
  );
});

test.each([
  ['with blanks', 'two words '.repeat(9_000)],
  ['with quotes and line ends', 'say "no"\n'.repeat(9_000)],
  ['with escapes', '\u001b[31mred '.repeat(9_000)],
  ['as the value of a flag', `--title=${'many words '.repeat(9_000)}`],
])('a long argument %s is cut in each form that messages give it', (_what, arg) => {
  const { message: cut } = longCutter([arg]);
  const value = arg.replace(/^--title=/, '');
  for (const form of [value, JSON.stringify(value), value.trim()]) {
    const text = cut(`not ${form}, please`);
    expect(text.length).toBeLessThan(600);
    expect(text).toMatch(/^not .*more characters\).*, please$/s);
  }
});

test('a word without end is cut that no argument holds, and the whole keeps both ends', () => {
  const { message: cut } = longCutter([]);
  expect(cut(`in ${long}.md, line 7`)).toMatch(/^in x{400}… \(\d+ more characters\) line 7$/);
  const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at}`).join('\n');
  expect(cut(lines)).toMatch(/^line 0\n.*more characters.*\nline 4999$/s);
  expect(cut(lines).length).toBeLessThan(17_000);
});

test('what is short enough to be read stays as it is', () => {
  const word = fc.string({ maxLength: 300 }).map((text) => text.replaceAll(/\s/g, ' '));
  const text = fc.array(word, { maxLength: 20 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, fc.array(word), (message, args) => {
      expect(longCutter(args).message(message)).toBe(message);
    }),
  );
});

test('answers keep their lists and lines, and only the arguments in them are cut', () => {
  const { answer, data } = longCutter(['approve', long]);
  const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at} ${'y'.repeat(2_000)}`).join('\n');
  expect(answer(lines)).toBe(lines);
  expect(data({ refused: [{ task: long, at: 7, hint: null }], left: ['T1'] })).toEqual({
    refused: [{ task: expect.stringMatching(/^x{400}… \(99600 more characters\)$/), at: 7, hint: null }],
    left: ['T1'],
  });
});
