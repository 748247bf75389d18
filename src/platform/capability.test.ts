import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isCapability, makeCapability } from './capability.ts';

const bearer = { token: 7, agent: 'a-1', task: '001/T1' };

function keyFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-key-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'orbit/key');
}

test('I17 a capability fits one attempt of one project and nothing else', async () => {
  const file = keyFile();
  const shown = await makeCapability(file, bearer);
  expect(isCapability(file, bearer, shown)).toBe(true);
  expect(await makeCapability(file, bearer)).toBe(shown);
  for (const other of [{ token: 8 }, { agent: 'a-2' }, { task: '001/T2' }]) {
    expect(isCapability(file, { ...bearer, ...other }, shown)).toBe(false);
  }
  const elsewhere = keyFile();
  expect(isCapability(elsewhere, bearer, shown)).toBe(false);
  await makeCapability(elsewhere, bearer);
  for (const wrong of [shown, '', '7.', `7.${'0'.repeat(64)}`])
    expect(isCapability(elsewhere, bearer, wrong)).toBe(false);
});

test('I17 runners that start at once make one key, readable by its owner alone', async () => {
  const file = keyFile();
  const made = await Promise.all(Array.from({ length: 16 }, async () => makeCapability(file, bearer)));
  expect(new Set(made).size).toBe(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, '..'))).toEqual(['key']);
});
