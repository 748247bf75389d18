import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { filesOf, lentSecrets } from './lent-secrets.ts';

test('I19 the tokens of a lent login are found where programs keep them, and names of models are not', () => {
  const home = mkdtempSync(join(tmpdir(), 'orbit-lent-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  write('.codex/auth.json', '{"tokens": {"access_token": "eyJhbGciOi.abc.def-0123", "account_id": "someone"}}');
  write('.local/share/opencode/auth.json', '{"p":{"type":"api","key":"sk-0123456789abcdefgh"}}');
  write('.config/tool.toml', 'model = "gpt-long-model-name-1234"\napi_key = "key-abcdef0123456789"\n');
  write('.env', 'SERVICE_TOKEN=plain-0123456789abcdef\nSHORT_KEY=abc\n');
  write('.cache/x/secrets.json', '{"token":"not-looked-at-0123456789"}');
  expect(lentSecrets(home, new Map()).toSorted()).toEqual([
    'eyJhbGciOi.abc.def-0123',
    'key-abcdef0123456789',
    'plain-0123456789abcdef',
    'sk-0123456789abcdefgh',
  ]);
  expect(lentSecrets(join(home, 'nowhere'), new Map())).toEqual([]);
});

test('I19 a login that is a link to the user’s own is hidden, too, and a link to a device is not read', () => {
  const user = mkdtempSync(join(tmpdir(), 'orbit-user-'));
  const home = mkdtempSync(join(tmpdir(), 'orbit-lent-'));
  onTestFinished(() => [user, home].forEach((directory) => rmSync(directory, { recursive: true })));
  writeFileSync(join(user, 'auth.json'), '{"tokens": {"refresh_token": "rt-0123456789abcdefgh"}}');
  symlinkSync(join(user, 'auth.json'), join(home, 'auth.json'));
  symlinkSync('/dev/zero', join(home, 'endless'));
  symlinkSync(join(user, 'nowhere'), join(home, 'dangling'));
  expect(lentSecrets(home, new Map())).toEqual(['rt-0123456789abcdefgh']);
});

test('I19 I20 of a home that an earlier attempt filled only what is lent now is read, and no more than a few megabytes', () => {
  const [user, home] = ['user', 'lent'].map((name) => mkdtempSync(join(tmpdir(), `orbit-${name}-`))) as [
    string,
    string,
  ];
  onTestFinished(() => [user, home].forEach((directory) => rmSync(directory, { recursive: true })));
  writeFileSync(join(home, 'planted.env'), 'A_TOKEN=a-word-that-all-logs-are-full-of\n');
  writeFileSync(join(user, 'private.env'), 'B_TOKEN=what-the-agent-was-never-lent\n');
  symlinkSync(join(user, 'private.env'), join(home, 'planted-link'));
  writeFileSync(join(home, 'auth.json'), '{"access_token": "old-0123456789abcdef"}');
  const before = filesOf(home);
  writeFileSync(join(home, 'auth.json'), '{"access_token": "new-0123456789abcdef"}');
  expect(lentSecrets(home, before)).toEqual(['new-0123456789abcdef']);
  const large = `C_KEY=${'c'.repeat(200)}\n`.repeat(1_000);
  for (let count = 0; count < 40; count += 1)
    writeFileSync(join(home, `z${count}.env`), `Z${count}_KEY=z-${count}-0123456789abcdef\n${large}`);
  const found = lentSecrets(home, before);
  expect(found.length).toBeGreaterThan(5);
  expect(found.length).toBeLessThan(30);
});
