import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { grantedSecrets, redactor } from './redact.ts';

const key = 'sk-very/secret+value';

test('I19 a secret is hidden in every form that programs print it in', () => {
  const redact = redactor([key]);
  const bytes = Buffer.from(key);
  const forms = [
    key,
    encodeURIComponent(key),
    ...(['base64', 'base64url', 'hex'] as const).map((to) => bytes.toString(to)),
  ];
  for (const form of forms) expect(redact(`a ${form} b ${form}`)).toBe('a [secret] b [secret]');
});

test('I19 a secret with quotes or several lines is hidden in JSON, and line by line', () => {
  const redact = redactor(['first "quoted" line\nsecond line here\nend']);
  expect(redact(JSON.stringify({ raw: 'first "quoted" line\nsecond line here\nend' }))).toBe('{"raw":"[secret]"}');
  expect(redact('second line here')).toBe('[secret]');
  expect(redact(JSON.stringify('first "quoted" line'))).toBe('"[secret]"');
});

test('short values are taken for ordinary words', () => {
  expect(redactor(['short', ''])('a short text')).toBe('a short text');
});

test('I19 whatever the secret, no text shows it', () => {
  const secret = fc.string({ minLength: 8 }).filter((text) => !/[[\]]/.test(text));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
      expect(redactor([hidden])(before + hidden + after).includes(hidden)).toBe(false);
    }),
  );
});

test('I19 granted are the values of named variables that are set', () => {
  expect(grantedSecrets({ A: 'one', B: undefined, C: 'three' }, ['A', 'B', 'D'])).toEqual(['one']);
});
