import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, lineSplitter, type Line } from './lines.ts';

function split(chunks: readonly Uint8Array[], lineBytesMax = 1024): Line[] {
  const lines: Line[] = [];
  const splitter = lineSplitter({ onLine: (line) => lines.push(line), lineBytesMax });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8');
const texts = (...chunks: string[]): string[] => split(chunks.map(text)).map((line) => line.text);

/** Bytes rich in what matters here: line ends, carriage returns, NUL, parts of long characters, and anything at all. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...['\n', '\r', '\r\n', '\0', 'ab', 'é', '€', '😀', '\u2028'].map(text)),
      fc.uint8Array({ maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

test('I20 splits at the newline and nowhere else', () => {
  expect(texts('a\nb\r\n\u2028c\rd\n\ne')).toEqual(['a', 'b', '\u2028c\rd', '', 'e']);
  expect(texts('')).toEqual([]);
  expect(texts('a\n')).toEqual(['a']);
  expect(texts('a\r')).toEqual(['a']);
});

test('I20 the way output is chunked never changes its lines', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(12), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (all, cuts, max) => {
      const chunks: Uint8Array[] = [];
      let start = 0;
      for (const cut of cuts) {
        chunks.push(all.subarray(start, start + cut));
        start += cut;
      }
      chunks.push(all.subarray(start));
      expect(split(chunks, max)).toEqual(split([all], max));
    }),
    { numRuns: 2_000 },
  );
});

test('I20 every byte is kept or counted, and no line is longer than allowed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (value, max) => {
      const line = value.replaceAll(/[\n\r\0]/g, '');
      fc.pre(line.length > 0 && line.isWellFormed());
      const [only] = split([text(line)], max);
      const kept = Buffer.byteLength(only?.text ?? '');
      expect(kept).toBeLessThanOrEqual(max);
      expect(kept + (only?.droppedBytes ?? 0)).toBe(Buffer.byteLength(line));
      expect(line.startsWith(only?.text ?? '?')).toBe(true);
    }),
  );
});

test('I20 a line at the limit is whole, one byte more is counted, a character is not cut in two', () => {
  expect(split([text('abcd\r\n')], 4)).toEqual([{ text: 'abcd', droppedBytes: 0 }]);
  expect(split([text('abcde\r\nx')], 4)).toEqual([
    { text: 'abcd', droppedBytes: 1 },
    { text: 'x', droppedBytes: 0 },
  ]);
  expect(split([text('abc€')], 4)).toEqual([{ text: 'abc', droppedBytes: 3 }]);
});

test('I20 NUL, broken UTF-8 and half surrogate pairs come out as replacement characters', () => {
  expect(split([Buffer.from([0x61, 0x00, 0xff, 0xc3, 0x0a])])).toEqual([
    { text: 'a\uFFFD\uFFFD\uFFFD', droppedBytes: 0 },
  ]);
  expect(cleanText('a\ud800b\0')).toBe('a\uFFFDb\uFFFD');
});

test('I20 1 GB without a newline stays within a few MiB', () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const lines: Line[] = [];
  const splitter = lineSplitter({ onLine: (line) => lines.push(line) });
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 1024; count += 1) splitter.push(chunk);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  splitter.end();
  expect(lines.map((line) => [line.text.length, line.droppedBytes])).toEqual([[1024 ** 2, 1023 * 1024 ** 2]]);
});
