import { expect, test } from 'vitest';
import { openCodeLogin } from './login.ts';

const isReturned = (before: unknown, after: unknown): boolean => {
  const [file] = openCodeLogin;
  return file?.isReturned?.(JSON.stringify(before), JSON.stringify(after)) === true;
};

const key = { type: 'api', key: 'k' };
const account = { type: 'oauth', access: 'a', refresh: 'r', expires: 100, accountId: 'me' };

test('I19 a renewed account goes back to the user', () => {
  expect(
    isReturned({ p: account, q: key }, { q: key, p: { ...account, access: 'b', refresh: 's', expires: 200 } }),
  ).toBe(true);
});

test('I19 nothing but a renewal goes back', () => {
  const newer = { ...account, access: 'b', refresh: 's', expires: 200 };
  const refused: [unknown, unknown][] = [
    [{ p: account }, { p: { ...newer, accountId: 'somebody' } }],
    [{ p: account }, { p: { ...newer, enterpriseUrl: 'http://evil' } }],
    [{ p: account }, { p: newer, q: key }],
    [{ p: account, q: key }, { p: newer }],
    [
      { p: account, q: key },
      { p: newer, q: { ...key, key: 'other' } },
    ],
    [{ p: account }, { p: { ...newer, expires: 50 } }],
    [{ p: account }, { p: { ...newer, refresh: 7 } }],
    [{ p: key }, { p: newer }],
    [{ p: account }, []],
  ];
  for (const [before, after] of refused) expect(isReturned(before, after)).toBe(false);
  expect(openCodeLogin[0]?.isReturned?.('{broken', '{}')).toBe(false);
});
