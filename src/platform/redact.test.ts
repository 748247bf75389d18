import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { grantedSecrets, hideEdges, redactor, secretForms } from './redact.ts';

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

test('I19 a secret inside longer bytes is hidden in their base64, wherever it begins', () => {
  const redact = redactor([key]);
  for (const before of ['', 'a', 'ab', 'abc', 'user:', 'Bearer: ']) {
    for (const after of ['', 'x', 'xy', '\n', ' and more']) {
      for (const to of ['base64', 'base64url'] as const) {
        const text = Buffer.from(before + key + after).toString(to);
        const shown = redact(text);
        expect(shown).toContain('[secret]');
        // What is left are characters that hold a few bits of it at most.
        const left = Buffer.from(shown.split('[secret]').join(''), 'base64').toString('latin1');
        for (let at = 0; at + 3 <= key.length; at += 1) expect(left).not.toContain(key.slice(at, at + 3));
      }
    }
  }
});

test('I19 escapes that only some programs write do not show a secret', () => {
  const redact = redactor([key]);
  const lower = encodeURIComponent(key).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const slashes = key.replaceAll('/', String.raw`\/`);
  const hex = Buffer.from(key).toString('hex').toUpperCase();
  const twice = JSON.stringify(JSON.stringify({ key }));
  expect([lower, slashes, hex].map((form) => redact(`a ${form} b`))).toEqual(Array(3).fill('a [secret] b'));
  expect(redact(twice)).not.toContain('secret+value');
  expect(redactor(['two words & more'])('two+words+%26+more')).toBe('[secret]');
});

test('I19 a secret that is broken over lines is hidden, as text and in JSON', () => {
  const redact = redactor([key]);
  expect(redact(`key: ${key.slice(0, 9)}\n${key.slice(9)} end`)).toBe('key: [secret] end');
  expect(redact(`key: ${key.slice(0, 9)}\r\n  ${key.slice(9)}`)).toBe('key: [secret]');
  const output = JSON.stringify({ raw: JSON.stringify({ text: `${key.slice(0, 5)}\n${key.slice(5)}` }) });
  expect(redact(output)).toBe(JSON.stringify({ raw: JSON.stringify({ text: '[secret]' }) }));
  const long = 'k'.repeat(30) + 'l'.repeat(60);
  const wrapped = Buffer.from(long).toString('base64').replaceAll(/.{76}/g, '$&\n');
  expect(redactor([long])(wrapped)).toBe('[secret]');
  expect(redact('two\nlines')).toBe('two\nlines');
});

test('I19 of a secret that was cut off at the end or at the beginning no telling part is left', () => {
  const forms = secretForms([key]);
  expect(hideEdges(`the key is ${key.slice(0, 12)}`, forms)).toBe('the key is [secret]');
  expect(hideEdges(`the key is ${key.slice(0, 12)}…`, forms)).toBe('the key is [secret]…');
  expect(hideEdges(`${key.slice(-9)} was the key`, forms)).toBe('[secret] was the key');
  expect(hideEdges('ordinary words…', forms)).toBe('ordinary words…');
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

test('I19 what stands in headers and addresses is a secret by itself', () => {
  const environment = {
    HEADERS: 'x-team: blue-team-key\nAuthorization: Bearer abc.def.0123456789',
    PROXY: 'http://me:p%40ssword-1@proxy:8080',
  };
  const redact = redactor(grantedSecrets(environment, ['HEADERS', 'PROXY']));
  expect(redact('sent abc.def.0123456789 and blue-team-key')).toBe('sent [secret] and [secret]');
  expect(redact('p@ssword-1 or p%40ssword-1')).toBe('[secret] or [secret]');
});
