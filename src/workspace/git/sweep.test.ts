import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { tryLockFile } from '../../platform/file-lock.ts';
import { makeScratch } from './scratch.ts';
import { sweepLeftovers } from './sweep.ts';

test('I15 what a killed process had in use goes with the next sweep, what a living one has stays', async () => {
  using made = makeRepository({ files: { 'a.txt': 'a\n' } });
  const common = join(made.directory, '.git');
  const folder = join(common, 'orbit/scratch');
  await using own = await makeScratch(common, {});
  const locks = join(common, 'orbit/locks');
  const held = await tryLockFile(join(locks, 'held.lock'));
  const [scratch, lock] = ['./scratch.ts', '../../platform/file-lock.ts'].map(
    (path) => new URL(path, import.meta.url).href,
  );
  const program = `const { makeScratch } = await import(${JSON.stringify(scratch)});
    const { tryLockFile } = await import(${JSON.stringify(lock)});
    await makeScratch(${JSON.stringify(common)}, {});
    await tryLockFile(${JSON.stringify(join(locks, 'left.lock'))});
    console.log('made'); setInterval(() => {}, 1e6);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  await sweepLeftovers(common);
  expect(readdirSync(folder)).toHaveLength(2);
  copyFileSync(join(locks, 'left.lock'), join(locks, 'left.lock.1.draft'));
  writeFileSync(join(locks, `torn.lock.${other.pid}-1-abc.draft`), '');
  await sweepLeftovers(common);
  expect(readdirSync(locks)).toHaveLength(4);
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
  await sweepLeftovers(common);
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([own.directory]);
  expect(readdirSync(locks)).toEqual(['held.lock']);
  await held?.release();
});
