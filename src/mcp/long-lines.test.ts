import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { idInEnds, lineCutter, type Line } from './long-lines.ts';

function cut(chunks: readonly Buffer[], bytesMax: number): Line[] {
  const lines: Line[] = [];
  const cutter = lineCutter(bytesMax, (line) => lines.push(line));
  for (const chunk of chunks) cutter.take(chunk);
  cutter.end();
  return lines;
}

test('I20 lines are the same however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 9 }), (texts, step) => {
      const wanted = texts.map((text) => text.replaceAll(/[\r\n]/g, ''));
      const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(''));
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        bytes.subarray(at * step, (at + 1) * step),
      );
      expect(cut(chunks, 1_000_000).map(({ text }) => text)).toEqual(wanted);
    }),
  );
});

test('I20 of a line that is too long only the ends are kept, and its id is found in them', () => {
  const text = 'x'.repeat(100_000);
  const messages = [
    [`{"jsonrpc":"2.0","id":7,"method":"m","params":{"text":"${text}"}}`, 7],
    [`{"method":"m","id":"a","params":{"text":"${text}","id":9}}`, 'a'],
    [`{"method":"m","params":{"text":"${text}"},"jsonrpc":"2.0","id":8}`, 8],
    [`{"method":"m","params":{"id":3,"text":"${text}"}}`, null],
    [text, null],
  ] as const;
  for (const [message, id] of messages) {
    const chunks = message.match(/.{1,5000}/g)?.map((part) => Buffer.from(part)) ?? [];
    const [line, rest] = cut([...chunks, Buffer.from('\nok')], 10_000);
    expect(line).toMatchObject({ bytes: message.length, isTooLong: true });
    expect(line?.text.length).toBeLessThan(10_000);
    expect(idInEnds(line?.text ?? '')).toBe(id);
    expect(rest).toEqual({ text: 'ok', bytes: 2, isTooLong: false });
  }
});
