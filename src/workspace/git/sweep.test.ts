import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { makeScratch } from './scratch.ts';
import { sweepLeftovers } from './sweep.ts';

test('I15 a killed process leaves no scratch directory for long, a living one keeps its own', async () => {
  using made = makeRepository({ files: { 'a.txt': 'a\n' } });
  const common = join(made.directory, '.git');
  const folder = join(common, 'orbit/scratch');
  await using own = await makeScratch(common, {});
  const module = new URL('./scratch.ts', import.meta.url).href;
  const program = `const { makeScratch } = await import(${JSON.stringify(module)});
    await makeScratch(${JSON.stringify(common)}, {}); console.log('made'); setInterval(() => {}, 1e6);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  await sweepLeftovers(common);
  expect(readdirSync(folder)).toHaveLength(2);
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
  await sweepLeftovers(common);
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([own.directory]);
});
