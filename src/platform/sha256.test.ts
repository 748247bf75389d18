import { createHmac, hash } from 'node:crypto';
import { assert as holds, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha256, sha256 } from './sha256.ts';

test('I18 the plain SHA-256 equals the one of node:crypto for every length around a block', () => {
  for (let length = 0; length < 200; length += 1) {
    const text = 'é'.repeat(length);
    expect(sha256(text)).toBe(hash('sha256', text));
    expect(sha256(text.normalize('NFD'))).toBe(hash('sha256', text.normalize('NFD')));
  }
});

test('I18 the plain SHA-256 equals the one of node:crypto for any text', () => {
  const texts = string({ unit: 'grapheme', maxLength: 300 });
  holds(
    property(texts, (text) => {
      expect(sha256(text)).toBe(hash('sha256', text));
    }),
  );
});

test('I17 the plain HMAC equals the one of node:crypto for keys below, at and above a block', () => {
  for (const length of [0, 1, 63, 64, 65, 200]) {
    const key = 'é0'.repeat(length).slice(0, length);
    for (const text of ['', 'é', 'x'.repeat(150)])
      expect(hmacSha256(key, text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
  }
});
