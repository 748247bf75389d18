import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrap } from './screen.ts';

test('a long line goes on below itself, and breaks at spaces only', () => {
  const line = '    0.2 s  T001   failed: program /a/very/long/path does not exist; tried again';
  expect(wrap(line, 60, 18)).toBe(
    '    0.2 s  T001   failed: program /a/very/long/path does not\n                  exist; tried again',
  );
  expect(wrap(line, 200, 18)).toBe(line);
  expect(wrap(line, 20, 18)).toBe(line);
});

test('wrapping loses no word, whatever the line and the width', () => {
  const words = fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '/') }), { maxLength: 40 });
  fc.assert(
    fc.property(words, fc.nat(20), fc.integer({ min: 1, max: 120 }), (parts, indent, columns) => {
      const shown = wrap(' '.repeat(indent) + parts.join(' '), columns, indent);
      expect(shown.split(/\s+/).filter(Boolean)).toEqual(parts);
    }),
  );
});
