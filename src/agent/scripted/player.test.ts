import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { playScript } from './player.ts';

interface Played {
  exitCode: number;
  events: Readonly<Record<string, unknown>>[];
  errors: string;
  directory: string;
}

/** Plays steps in a fresh repository, inside this process; `says` is what comes on standard input. */
async function play(
  steps: readonly unknown[],
  options: { says?: string; environment?: Record<string, string> } = {},
): Promise<Played> {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-player-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  execFileSync('git', ['init', '--quiet', directory]);
  const script = join(directory, '.git', 'script.json');
  writeFileSync(script, JSON.stringify({ default: [[{ do: 'say', text: 'first attempt' }], steps] }));
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = [text(output), text(errors)];
  input.end(options.says ?? '');
  const base = {
    PATH: process.env['PATH'] ?? '',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ORBIT_PLAN: '001',
    ORBIT_TASK: '001/T007',
  };
  const environment = { ...base, ORBIT_TOKEN: '12', ORBIT_ATTEMPT: '2', ORBIT_TITLE: 'Fly', ...options.environment };
  const exitCode = await playScript(script, { directory, environment, input, output, errors });
  output.end();
  errors.end();
  const [out = '', err = ''] = await Promise.all(printed);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { exitCode, events, errors: err, directory };
}

const git = (directory: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: directory, encoding: 'utf8' });

test('P13 the play is over when its last word has left, however slow its reader is', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-player-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const script = join(directory, 'script.json');
  writeFileSync(
    script,
    JSON.stringify({
      default: [
        [
          { do: 'say', text: 'one' },
          { do: 'report', report: 'complete' },
        ],
      ],
    }),
  );
  const left: string[] = [];
  const output = new Writable({
    write: (bytes, _encoding, done) => setImmediate(() => setImmediate(() => (left.push(String(bytes)), done()))),
  });
  const [input, errors] = [new PassThrough().end(), new PassThrough()];
  await playScript(script, { directory, environment: {}, input, output, errors });
  expect(left.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['session', 'message', 'report']);
});

test('P13 files are written, edited, appended to and deleted, and each change is told', async () => {
  const { exitCode, events, directory } = await play([
    { do: 'write', path: 'src/{task}.txt', text: 'one {attempt}\n' },
    { do: 'append', path: 'src/{task}.txt', text: '{plan} {token} {title} {other}\n' },
    { do: 'edit', path: 'src/{task}.txt', find: 'one', replace: '$& two' },
    { do: 'write', path: 'gone', text: '' },
    { do: 'delete', path: 'gone' },
    { do: 'edit', path: 'src/T007.txt', find: 'nowhere', replace: '' },
  ]);
  expect(exitCode).toBe(0);
  expect(readFileSync(join(directory, 'src/T007.txt'), 'utf8')).toBe('$& two 2\n001 12 Fly {other}\n');
  expect(existsSync(join(directory, 'gone'))).toBe(false);
  const changes = events.filter(({ type }) => type === 'file-change').map(({ path }) => path);
  expect(changes).toEqual(['src/T007.txt', 'src/T007.txt', 'src/T007.txt', 'gone', 'gone']);
  expect(events.at(-1)).toEqual({
    type: 'tool-result',
    id: 'call-6',
    ok: false,
    text: '"nowhere" is not in src/T007.txt',
  });
});

test('P13 commits are real, with an author from the environment or one of its own', async () => {
  const steps = [{ do: 'write', path: 'a', text: 'a' }, { do: 'commit' }, { do: 'commit', message: 'again' }];
  const own = await play(steps);
  expect(git(own.directory, 'log', '--format=%s|%an|%ce')).toBe('T007: Fly|Scripted Agent|scripted@orbit.invalid\n');
  expect(own.events.at(-1)).toMatchObject({ type: 'tool-result', ok: false, text: expect.stringMatching(/^exit 1\n/) });
  const given = await play([...steps, { do: 'commit', message: 'empty', allowEmpty: true }], {
    environment: { GIT_AUTHOR_NAME: 'Ann' },
  });
  expect(git(given.directory, 'log', '--format=%s|%an')).toBe('empty|Ann\nT007: Fly|Ann\n');
});

test('P13 a program is run with its arguments, and its end is told', async () => {
  const { events } = await play([
    { do: 'run', command: ['printf', '%s|', '{task}', '$HOME'] },
    { do: 'run', command: ['false'] },
    { do: 'run', command: ['no-such-orbit'] },
  ]);
  expect(events.filter(({ type }) => type === 'tool-result')).toEqual([
    { type: 'tool-result', id: 'call-1', ok: true, text: 'T007|$HOME|' },
    { type: 'tool-result', id: 'call-2', ok: false, text: 'exit 1\n' },
    { type: 'tool-result', id: 'call-3', ok: false, text: 'spawn no-such-orbit ENOENT' },
  ]);
});

test('P13 what an agent says is said in the vocabulary of all agents', async () => {
  const { events } = await play([
    { do: 'say', text: 'at {task}' },
    { do: 'think', text: 'hm' },
    { do: 'tool', tool: 'read', input: 'a.ts', ok: false, text: 'no such file' },
    { do: 'usage', tokens: 10, contextUsed: 5, contextSize: 100 },
    { do: 'todo', items: [{ text: 'do {task}', done: false }] },
    { do: 'error', class: 'quota', retryAfterMs: 1_000 },
    { do: 'lie' },
    { do: 'report', report: 'blocked', text: 'needs {plan}' },
  ]);
  expect(events).toEqual([
    { type: 'session', id: 'scripted-001/T007-12' },
    { type: 'message', text: 'at T007' },
    { type: 'thought', text: 'hm' },
    { type: 'tool-call', id: 'call-1', tool: 'read', input: 'a.ts' },
    { type: 'tool-result', id: 'call-1', ok: false, text: 'no such file' },
    { type: 'usage', tokens: 10, contextUsed: 5, contextSize: 100, costUsd: 0 },
    { type: 'todo', items: [{ text: 'do T007', done: false }] },
    { type: 'error', class: 'quota', text: '', retryAfterMs: 1_000, critical: false },
    { type: 'message', text: 'All done, everything is committed.' },
    { type: 'report', report: 'complete', text: 'All done, everything is committed.', noChanges: null },
    { type: 'report', report: 'blocked', text: 'needs 001', noChanges: null },
  ]);
});

test('P13 loops repeat, and an exit ends the whole play', async () => {
  const { exitCode, events } = await play([
    { do: 'loop', times: 3, steps: [{ do: 'say', text: 'x' }] },
    { do: 'loop', times: 3, steps: [{ do: 'exit', exitCode: 5 }] },
    { do: 'say', text: 'never' },
  ]);
  expect(exitCode).toBe(5);
  expect(events.filter(({ type }) => type === 'message')).toHaveLength(3);
});

test('P13 hints are waited for, other ones said back; without anybody left to send one the play ends', async () => {
  const hints = ['{"type":"hint","text":"right"}', 'nonsense', '{"type":"hint","text":"turn left"}'];
  const heard = await play([{ do: 'wait-for-hint', contains: 'left' }], {
    says: hints.map((line) => `${line}\n`).join(''),
  });
  expect(heard.exitCode).toBe(0);
  expect(heard.events.slice(1).map(({ text: words }) => words)).toEqual(['hint: right', 'hint: turn left']);
  expect((await play([{ do: 'wait-for-hint' }])).exitCode).toBe(1);
});

test('P13 an interrupt ends the next wait', async () => {
  const { exitCode } = await play([{ do: 'sleep', ms: 86_400_000 }], { says: '{"type":"interrupt"}\n' });
  expect(exitCode).toBe(0);
});

test('P13 a script that cannot be read is told on both channels', async () => {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const stage = { directory: '/', environment: {}, input, output, errors };
  expect(await playScript('/no/such/script.json', stage)).toBe(2);
  const said = 'the script /no/such/script.json cannot be read: ENOENT';
  expect(JSON.parse(String(output.read()))).toMatchObject({
    type: 'error',
    critical: true,
    text: expect.stringContaining(said),
  });
  expect(String(errors.read())).toContain(said);
});
