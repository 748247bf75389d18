import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removePrivateLeftovers } from './private-leftovers.ts';

test('I15 what ended attempts left is removed; of others, and of living ones, nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbit-private-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['orbit-a-1', 'orbit-a-2', 'orbit-b-1', 'orbit-a-x1', 'orbit-a-', 'orbit-a-01']) {
    mkdirSync(join(folder, name, 'deep'), { recursive: true });
    writeFileSync(join(folder, name, 'deep', 'file'), '');
  }
  const asked: number[] = [];
  const isOver = async (token: number): Promise<boolean> => {
    asked.push(token);
    return token === 1;
  };
  await removePrivateLeftovers(
    [
      { folder, prefix: 'orbit-a-' },
      { folder: join(folder, 'none'), prefix: '' },
    ],
    isOver,
  );
  expect(readdirSync(folder).sort()).toEqual(['orbit-a-', 'orbit-a-01', 'orbit-a-2', 'orbit-a-x1', 'orbit-b-1']);
  expect(new Set(asked)).toEqual(new Set([1, 2]));
});
