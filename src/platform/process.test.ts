import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram, lookAtProcess, processIdentity, startProcess, type StartedProcess } from './process.ts';
import { psRow, readProcessRow } from './process-table.ts';

const environment = { PATH: '/usr/bin:/bin' };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbit-process-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function start(command: string, args: readonly string[], cwd = folder()): Promise<StartedProcess> {
  const started = await startProcess({ command, args, cwd, environment, stdin: 'ignore' });
  if ('fault' in started) throw new Error(started.fault);
  return started;
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test('I19 a started program has the environment it was given and nothing else', async () => {
  const child = await start('/usr/bin/env', []);
  expect(await textOf(child.stdout)).toBe('PATH=/usr/bin:/bin\n');
  expect(await child.exit).toEqual({ exitCode: 0, signal: null });
});

test('I15 a started program leads a session and group of its own', async () => {
  const child = await start('sleep', ['60']);
  const row = readProcessRow(child.identity.pid);
  expect(row).toMatchObject({ group: child.identity.pid, session: child.identity.pid, zombie: false });
  expect(lookAtProcess(child.identity)).toBe('alive');
  process.kill(child.identity.pid, 'SIGKILL');
  expect(await child.exit).toEqual({ exitCode: null, signal: 'SIGKILL' });
  expect(lookAtProcess(child.identity)).toBe('gone');
});

test('arguments reach the program as they are, no shell reads them', async () => {
  const child = await start('printf', ['%s', '$(id); `id` "*" \n']);
  expect(await textOf(child.stdout)).toBe('$(id); `id` "*" \n');
});

test('what cannot be started is an answer that names the path', async () => {
  const cwd = folder();
  const plain = join(cwd, 'plain');
  writeFileSync(plain, '#!/bin/sh\n');
  const faultOf = async (command: string, directory = cwd): Promise<unknown> =>
    startProcess({ command, args: [], cwd: directory, environment, stdin: 'ignore' });
  expect(await faultOf(join(cwd, 'none'))).toEqual({ fault: `program ${join(cwd, 'none')} does not exist` });
  expect(await faultOf(plain)).toEqual({ fault: `program ${plain} is not executable` });
  expect(await faultOf(cwd)).toEqual({ fault: `program ${cwd} is not a file` });
  expect(await faultOf('./plain')).toEqual({ fault: 'program ./plain is not an absolute path' });
  expect(await faultOf('no-such-orbit')).toEqual({
    fault: 'program "no-such-orbit" is not on the PATH (/usr/bin:/bin)',
  });
  expect(await faultOf('true', join(cwd, 'nowhere'))).toEqual({
    fault: `cannot start /usr/bin/true: the directory ${join(cwd, 'nowhere')} does not exist`,
  });
});

test('a program that the kernel refuses is an answer, too', async () => {
  const cwd = folder();
  const program = join(cwd, 'refused');
  writeFileSync(program, '#!/no/such/interpreter\n');
  chmodSync(program, 0o755);
  expect(await startProcess({ command: program, args: [], cwd, environment, stdin: 'pipe' })).toEqual({
    fault: expect.stringContaining(`cannot start ${program}: `),
  });
  const tooLong = await startProcess({
    command: '/bin/true',
    args: ['x'.repeat(4_000_000)],
    cwd,
    environment,
    stdin: 'ignore',
  });
  expect(tooLong).toEqual({ fault: expect.stringContaining('E2BIG') });
});

test('a program is found on absolute PATH entries only', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'tool'), '#!/bin/sh\n');
  expect(findProgram('tool', `.::bin:${cwd}`)).toEqual({ fault: `program ${join(cwd, 'tool')} is not executable` });
  chmodSync(join(cwd, 'tool'), 0o755);
  expect(findProgram('tool', `.::bin:${cwd}`)).toEqual({ path: join(cwd, 'tool') });
  expect(findProgram('', cwd)).toHaveProperty('fault');
});

test('I15 a look tells a process from a later one with its number, and never calls a failed look gone', () => {
  const self = processIdentity(process.pid);
  if (self === null) throw new Error('no identity of our own');
  expect(lookAtProcess(self)).toBe('alive');
  expect(lookAtProcess({ ...self, startedAt: 'another boot/1' })).toBe('gone');
  expect(lookAtProcess({ ...self, host: 'elsewhere' })).toBe('unknown');
  expect(lookAtProcess({ ...self, startedAt: '' })).toBe('unknown');
});

test('I15 an ended process that nobody collected is gone', async () => {
  // The shell starts a child, then becomes a program that never collects it; only then may the child end.
  const cwd = folder();
  const child = await start('sh', ['-c', 'sh -c "until [ -e go ]; do sleep 0.01; done" & echo $!; exec sleep 60'], cwd);
  const pid = await new Promise<number>((answer) => {
    child.stdout.once('data', (chunk) => answer(Number(String(chunk))));
  });
  await expect.poll(() => readProcessRow(child.identity.pid)).toMatchObject({ name: 'sleep' });
  writeFileSync(join(cwd, 'go'), '');
  await expect.poll(() => readProcessRow(pid)).toMatchObject({ zombie: true });
  const identity = processIdentity(pid);
  expect(identity === null ? 'no identity' : lookAtProcess(identity)).toBe('gone');
  process.kill(child.identity.pid, 'SIGKILL');
  await child.exit;
});

test('lines of ps are read, with and without a session number', () => {
  expect(psRow('  12     1    12     0 Ss    1:02.50 Mon Jan  5 10:00:00 2026 /bin/sh -c')).toEqual([
    {
      pid: 12,
      parent: 1,
      group: 12,
      session: 0,
      startedAt: 'Mon Jan 5 10:00:00 2026',
      zombie: false,
      terminal: false,
      cpuMs: 62_500,
      name: '/bin/sh -c',
    },
  ]);
  expect(psRow('7 1 7 7 Z 1-00:00:01 Mon Jan 15 10:00:00 2026 x')[0]).toMatchObject({
    session: 7,
    zombie: true,
    terminal: false,
    cpuMs: 86_401_000,
  });
  expect(psRow('ps: nothing')).toEqual([]);
});
