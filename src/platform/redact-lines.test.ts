import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineRedactor } from './redact-lines.ts';

const secret = 'sk-ant-api03-Very/Secret+Value_0123456789';

function written(lines: readonly string[], kind: 'json' | 'text', secrets: readonly string[] = [secret]): string[] {
  const redactor = lineRedactor(secrets, kind);
  return [...lines.flatMap((line) => redactor.push(line)), ...redactor.flush()];
}

/** The secret in pieces of these lengths; what is left is the last one. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at + length >= text.length) break;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return [...pieces, text.slice(at)];
}

const delta = (text: string): string =>
  JSON.stringify({ at: 'now', stream: 'out', raw: JSON.stringify({ type: 'stream_event', delta: { text } }) });

test('I19 a secret that comes in pieces over several lines is hidden in all of them', () => {
  const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
  const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...forms), lengths, fc.constantFrom('json', 'text'), (form, sizes, kind) => {
      const pieces = cut(form, sizes);
      const wrap = kind === 'json' ? delta : (text: string): string => text;
      const shown = [`before ${pieces[0]}`, ...pieces.slice(1, -1), `${pieces.at(-1)} after`];
      const texts = pieces.length === 1 ? [`before ${form} after`] : shown;
      const lines = written(texts.map(wrap), kind);
      expect(lines).toHaveLength(texts.length);
      const all = lines.map((line) => (kind === 'json' ? textOf(line) : line)).join('');
      expect(all.replaceAll('[secret]', '')).toBe('before  after');
    }),
  );
});

function textOf(line: string): string {
  const { raw } = JSON.parse(line) as { raw: string };
  return (JSON.parse(raw) as { delta: { text: string } }).delta.text;
}

test('I19 lines about other things between the pieces do not help a secret out', () => {
  const [first = '', last = ''] = cut(secret, [20]);
  const other = JSON.stringify({ at: 'now', event: { type: 'usage', tokens: 5 } });
  const lines = written([delta(first), other, other, delta(last), other], 'json');
  expect(lines).toEqual([delta('[secret]'), other, other, delta('[secret]'), other]);
});

test('lines go on at once unless they end with the beginning of a secret, and then soon', () => {
  const redactor = lineRedactor([secret], 'text');
  expect(redactor.push('an ordinary line')).toEqual(['an ordinary line']);
  expect(redactor.push('my key is sk-ant')).toEqual([]);
  expect(redactor.pending).toBe(6);
  expect(redactor.push('hropic is a company')).toEqual([]);
  expect(redactor.flush()).toEqual(['my key is sk-ant', 'hropic is a company']);
  expect(redactor.pending).toBe(0);
});

test('I20 what is held is bounded, and nothing is lost or put out of order', () => {
  const line = fc.string({ unit: fc.constantFrom('s', 'k', '-', 'a', '"', ' '), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.constantFrom('json', 'text'), (lines, kind) => {
      const redactor = lineRedactor(['sk-asksk-ask'], kind);
      let [held, total] = [0, 0];
      for (const each of lines) {
        const ready = redactor.push(each);
        held += 1 - ready.length;
        total += ready.length;
        expect(held).toBeLessThanOrEqual(40);
      }
      expect(total + redactor.flush().length).toBe(lines.length);
    }),
  );
  expect(written(['a', 'b sk', 'c'], 'text')).toEqual(['a', 'b sk', 'c']);
});

test('without secrets every line passes as it is', () => {
  expect(written(['a "b"', 'c'], 'json', [])).toEqual(['a "b"', 'c']);
});
