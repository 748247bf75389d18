import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { spawnGit } from './run-git.ts';

test('B9 a Ctrl-C at the terminal does not reach git: it has a process group of its own', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const child = spawnGit(['cat-file', '--batch'], { gitDir: `${made.directory}/.git`, input: '' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const groupOf = (pid: number): string =>
    execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  expect(groupOf(child.pid ?? 0)).not.toBe(groupOf(process.pid));
  child.stdin?.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
