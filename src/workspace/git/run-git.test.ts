import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { runGit } from './run-git.ts';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

/** Puts a program called git on the PATH that does what `script` says. */
function fakeGit(directory: string, script: string): void {
  const bin = join(directory, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'git'), 0o755);
  process.env['PATH'] = `${bin}:${before['PATH'] ?? ''}`;
}

test('S8 an inherited GIT_ variable or secret reaches no git', async () => {
  using made = makeRepository({ files: { a: '1' } });
  fakeGit(made.directory, 'env');
  Object.assign(process.env, {
    GIT_DIR: '/nowhere',
    GIT_CONFIG_COUNT: '1',
    GIT_SSH_COMMAND: 'x',
    GIT_EXTERNAL_DIFF: 'x',
    API_TOKEN: 's',
  });
  const { stdout } = await runGit(['status']);
  const names = stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.split('=')[0] ?? '');
  expect(names.filter((name) => name.startsWith('GIT_')).sort()).toEqual([
    'GIT_ALLOW_PROTOCOL',
    'GIT_GRAFT_FILE',
    'GIT_NO_LAZY_FETCH',
    'GIT_NO_REPLACE_OBJECTS',
    'GIT_OPTIONAL_LOCKS',
    'GIT_TERMINAL_PROMPT',
  ]);
  expect(names).not.toContain('API_TOKEN');
  expect(names).toContain('HOME');
});

test('S9 arguments arrive as they are', async () => {
  using made = makeRepository();
  fakeGit(made.directory, 'for last; do :; done; printf %s "$last"');
  for (const argument of ['$(touch x)', "'; rm -rf /", 'a b', '-x', '*', '\u3000', '"', '']) {
    expect((await runGit([argument])).stdout.toString('utf8')).toBe(argument);
  }
});

test('a missing git, a failing one, a talkative one, one that hangs and one killed are told apart', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const gitDir = join(made.directory, '.git');
  await expect(runGit(['rev-parse', '--verify', 'nope'], { gitDir })).rejects.toMatchObject({
    code: 'git-failed',
    retryable: false,
    message: expect.stringContaining('git rev-parse --verify nope failed: fatal: Needed a single revision'),
  });
  expect((await runGit(['rev-parse', '--verify', '-q', 'nope'], { gitDir, accept: [1] })).exitCode).toBe(1);
  fakeGit(made.directory, 'yes');
  await expect(runGit([], { outputBytesMax: 100_000 })).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining('more than 100000 bytes'),
  });
  fakeGit(made.directory, 'sleep 600 & wait');
  await expect(runGit([], { timeoutMs: 100 })).rejects.toMatchObject({
    code: 'git-failed',
    retryable: true,
    message: expect.stringContaining('100 ms'),
  });
  fakeGit(made.directory, 'kill -9 $$');
  await expect(runGit([])).rejects.toMatchObject({ code: 'git-failed', message: expect.stringContaining('SIGKILL') });
  fakeGit(made.directory, 'echo "error: unable to write file: No space left on device" >&2; exit 1');
  await expect(runGit([])).rejects.toMatchObject({ code: 'disk-full', retryable: true });
  process.env['PATH'] = made.directory;
  await expect(runGit([])).rejects.toMatchObject({ code: 'git-missing' });
});

test('git that does not read its input, and input larger than a pipe, do no harm', async () => {
  using made = makeRepository();
  const input = Buffer.alloc(1_000_000, 'x');
  fakeGit(made.directory, 'exit 3');
  expect((await runGit([], { input, accept: [3] })).exitCode).toBe(3);
  fakeGit(made.directory, 'cat');
  expect((await runGit([], { input })).stdout.equals(input)).toBe(true);
});

test('S9 control characters of a message do not get into an error', async () => {
  using made = makeRepository();
  fakeGit(made.directory, String.raw`printf 'fatal: \033[2Jgone\r\n' >&2; exit 128`);
  await expect(runGit(['x\u001b[1m'])).rejects.toMatchObject({ message: expect.not.stringMatching(/\p{Cc}/u) });
});
