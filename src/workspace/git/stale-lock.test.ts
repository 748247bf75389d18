import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { moveRefs } from './move-refs.ts';

test('I15 P1 a lock that an ended agent left on its own branch is in the way for seconds; on other refs for long', async () => {
  using made = makeRepository({ files: { a: '1\n' } });
  const gitDir = join(made.directory, '.git');
  const to = made.git('rev-parse', 'HEAD');
  const lock = (ref: string, ageMs: number): string => {
    const path = join(gitDir, `${ref}.lock`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    const at = new Date(Date.now() - ageMs);
    utimesSync(path, at, at);
    return path;
  };
  const own = 'refs/heads/orbit-work/001/T1-7';
  const young = lock(own, 2_000);
  await expect(moveRefs(gitDir, [{ ref: own, from: null, to }])).rejects.toMatchObject({
    code: 'git-locked',
    retryable: true,
  });
  expect(existsSync(young)).toBe(true);
  lock(own, 15_000);
  expect(await moveRefs(gitDir, [{ ref: own, from: null, to }])).toBe(true);
  const target = lock('refs/heads/orbit/001', 15_000);
  await expect(moveRefs(gitDir, [{ ref: 'refs/heads/orbit/001', from: null, to }])).rejects.toMatchObject({
    code: 'git-locked',
  });
  expect(existsSync(target)).toBe(true);
});
