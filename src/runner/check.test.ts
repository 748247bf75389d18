import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { limits } from '../core/limits.ts';
import { childEnvironment } from '../platform/environment.ts';
import { lookAtProcess, processIdentity } from '../platform/process.ts';
import { runCheck, type CheckOrder, type CheckOutcome } from './check.ts';
import { runSetUp } from './set-up.ts';

function order(command: string, change: Partial<CheckOrder> = {}): CheckOrder & { heard: () => string } {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-check-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  let heard = '';
  const log = (text: string): void => {
    heard += text;
  };
  const environment = childEnvironment({ allow: [], set: {} });
  return { command, directory, environment, timeoutMs: 60_000, log, heard: () => heard, ...change };
}

const run = async (command: string, change?: Partial<CheckOrder>): Promise<CheckOutcome> =>
  runCheck(order(command, change));

/** A zombie that its new parent has not collected yet runs nothing any more. */
function lookAt(pid: number): string {
  const identity = processIdentity(pid);
  return identity === null ? 'gone' : lookAtProcess(identity);
}

test('P2 exit code 0 is green, any other is red with the end of the output', async () => {
  expect(await run('true')).toMatchObject({ green: true, tail: '', conclusive: true });
  expect(await run(`sh -c 'echo out; echo err >&2; exit 3'`)).toMatchObject({
    green: false,
    conclusive: true,
    tail: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
  });
  expect(await run(`sh -c 'kill -9 $$'`)).toMatchObject({
    green: false,
    conclusive: true,
    tail: '\n[ended by SIGKILL]',
  });
});

test('P2 commands of a line run until one fails, in the directory, with variables of their own', async () => {
  const wanted = order(`sh -c 'echo 1 > a' && X=2 sh -c 'echo $X > b' && false && sh -c 'echo 3 > c'`);
  expect((await runCheck(wanted)).green).toBe(false);
  expect(readFileSync(join(wanted.directory, 'b'), 'utf8')).toBe('2\n');
  expect(existsSync(join(wanted.directory, 'c'))).toBe(false);
});

test('a script of the directory is found by its path', async () => {
  const wanted = order('./check.sh one');
  writeFileSync(join(wanted.directory, 'check.sh'), '#!/bin/sh\necho "got $1"\n', { mode: 0o755 });
  expect(await runCheck(wanted)).toMatchObject({ green: true, tail: 'got one\n' });
  expect(wanted.heard()).toBe('got one\n');
});

test('what cannot be run proves nothing and says why', async () => {
  expect(await run('no-such-program-here')).toMatchObject({
    green: false,
    conclusive: false,
    tail: expect.stringContaining('not on the PATH'),
  });
  expect(await run('a | b')).toMatchObject({
    green: false,
    conclusive: false,
    tail: expect.stringContaining('a pipe'),
  });
});

test('I15 a check over its time is ended with its whole tree', async () => {
  const wanted = order(`sh -c 'sleep 600 & echo $!; wait'`, { timeoutMs: 1_500 });
  const outcome = await runCheck(wanted);
  expect(outcome).toMatchObject({ green: false, conclusive: true, tail: expect.stringContaining('ran longer than') });
  expect(lookAt(Number(wanted.heard().split('\n')[0]))).toBe('gone');
});

test('I15 what a green check leaves in the background is ended', async () => {
  const wanted = order(`sh -c 'sleep 600 & echo $!'`);
  expect((await runCheck(wanted)).green).toBe(true);
  expect(lookAt(Number(wanted.heard()))).toBe('gone');
});

test('I15 what a check put into a session of its own is ended, too', async () => {
  const wanted = order(`sh -c 'echo $(setsid --fork sh -c "echo \\$\\$; exec sleep 600 >/dev/null 2>&1")'`);
  expect((await runCheck(wanted)).green).toBe(true);
  expect(lookAt(Number(wanted.heard()))).toBe('gone');
});

test('a check is ended early by a signal', async () => {
  const stop = new AbortController();
  const wanted = order(`sh -c 'echo up; exec sleep 600'`, { signal: stop.signal, log: () => stop.abort() });
  expect(await runCheck(wanted)).toMatchObject({
    green: false,
    conclusive: false,
    tail: expect.stringContaining('before it was finished'),
  });
});

test('I20 a flood leaves only its end, whole lines of it', async () => {
  const { green, tail } = await run(`node -e 'for (let i = 0; i < 200000; i++) console.log("line " + i)'`, {
    log: () => undefined,
  });
  expect(green).toBe(true);
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(limits.checkTailBytes + 4);
  expect(tail).toMatch(/^…line \d+\n(line \d+\n)+$/);
  expect(tail.endsWith('line 199999\n')).toBe(true);
});

test('I19 a check sees only the environment it is given', async () => {
  const wanted = order('env', { environment: { PATH: process.env['PATH'] ?? '', ONLY: 'this' } });
  expect((await runCheck(wanted)).tail.split('\n').filter((line) => /^(HOME|NODE|VITEST)/.test(line))).toEqual([]);
});

test('P11 set-up runs its commands in order and names the one that failed', async () => {
  const { directory, environment, timeoutMs, log, heard } = order('');
  const common = { directory, environment, timeoutMs, log };
  expect(
    await runSetUp({ ...common, state: null, plan: { kept: null, always: [`sh -c 'echo 1 > a'`, 'cat a'] } }),
  ).toBe(null);
  const fault = await runSetUp({
    ...common,
    state: null,
    plan: { kept: null, always: [`sh -c 'echo broken; exit 1'`, `sh -c 'echo 2 > b'`] },
  });
  expect(fault).toBe(`The set-up command "sh -c 'echo broken; exit 1'" failed: broken`);
  expect(existsSync(join(directory, 'b'))).toBe(false);
  expect(heard()).toContain('$ cat a\n1\n');
});
