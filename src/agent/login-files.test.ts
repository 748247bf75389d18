import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lendLogin, returnLogin, type LoginFile } from './login-files.ts';

const token: LoginFile = { path: '.tool/token.json', isReturned: (_before, after) => after.startsWith('{') };
const account: LoginFile = { path: '.tool.json', pick: (text) => (text.includes('who') ? '{"who":1}' : null) };
const files = [token, account];

function homes(): { home: string; temporary: string; userHome: string; outside: string } {
  const top = mkdtempSync(join(tmpdir(), 'orbit-login-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const [home, userHome, outside] = ['home', 'user', 'outside'].map((name) => join(top, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, userHome, outside]) mkdirSync(folder);
  return { home, temporary: top, userHome, outside };
}

function put(home: string, path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

const read = (home: string, path: string): string | null =>
  existsSync(join(home, path)) ? readFileSync(join(home, path), 'utf8') : null;

test('I19 an agent gets the files of the list and only what is picked of them, for its user alone', () => {
  const place = homes();
  put(place.userHome, token.path, '{"token":"a"}');
  put(place.userHome, account.path, '{"who":1,"projects":["secret"]}');
  put(place.userHome, '.tool/other.json', 'secret');
  lendLogin(files, place);
  expect([read(place.home, token.path), read(place.home, account.path)]).toEqual(['{"token":"a"}', '{"who":1}']);
  expect(existsSync(join(place.home, '.tool/other.json'))).toBe(false);
  expect(statSync(join(place.home, token.path)).mode & 0o777).toBe(0o600);
});

test('I19 what is missing, no regular file, or lies outside the home is not lent', () => {
  const place = homes();
  put(place.outside, 'token.json', '{"token":"elsewhere"}');
  mkdirSync(join(place.userHome, '.tool'));
  symlinkSync(join(place.outside, 'token.json'), join(place.userHome, token.path));
  mkdirSync(join(place.userHome, account.path));
  expect(lendLogin(files, place).size).toBe(0);
  expect(existsSync(join(place.home, '.tool'))).toBe(false);
});

test('I19 a login behind a link inside the home is lent: people keep their settings so', () => {
  const place = homes();
  put(place.userHome, 'dotfiles/token.json', '{"token":"a"}');
  symlinkSync(join(place.userHome, 'dotfiles'), join(place.userHome, '.tool'));
  expect(lendLogin(files, place).get(token.path)).toBe('{"token":"a"}');
});

test('I19 nothing is written through links that an agent planted in its home', () => {
  const place = homes();
  put(place.userHome, token.path, '{"token":"a"}');
  put(place.userHome, account.path, '{"who":1}');
  put(place.outside, 'precious', 'mine');
  symlinkSync(place.outside, join(place.home, '.tool'));
  symlinkSync(join(place.outside, 'precious'), join(place.home, account.path));
  expect([...lendLogin(files, place).keys()]).toEqual([account.path]);
  expect([existsSync(join(place.outside, 'token.json')), read(place.outside, 'precious')]).toEqual([false, 'mine']);
  expect(read(place.home, account.path)).toBe('{"who":1}');
});

test('P10 a renewed login goes back to the user, with the mode of their file', () => {
  const place = homes();
  put(place.userHome, token.path, '{"token":"a"}');
  chmodSync(join(place.userHome, token.path), 0o600);
  const lent = lendLogin(files, place);
  put(place.home, token.path, '{"token":"b"}');
  returnLogin(files, place, lent);
  expect(read(place.userHome, token.path)).toBe('{"token":"b"}');
  expect(statSync(join(place.userHome, token.path)).mode & 0o777).toBe(0o600);
});

test('I19 what the user changed meanwhile, what the adapter refuses and what was never lent stays as it is', () => {
  const place = homes();
  put(place.userHome, token.path, '{"token":"a"}');
  put(place.userHome, account.path, '{"who":1}');
  const lent = lendLogin(files, place);
  put(place.home, account.path, '{"who":2}');
  put(place.home, token.path, 'garbage');
  returnLogin(files, place, lent);
  expect([read(place.userHome, token.path), read(place.userHome, account.path)]).toEqual([
    '{"token":"a"}',
    '{"who":1}',
  ]);
  put(place.home, token.path, '{"token":"b"}');
  put(place.userHome, token.path, '{"token":"c"}');
  returnLogin(files, place, lent);
  returnLogin(files, place, new Map());
  expect(read(place.userHome, token.path)).toBe('{"token":"c"}');
});
