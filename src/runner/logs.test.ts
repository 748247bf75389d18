import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLogs, type AttemptLogs } from './logs.ts';

function begin(bytesMax = 1024 * 1024): AttemptLogs & { read(name: string): string } {
  const parent = mkdtempSync(join(tmpdir(), 'orbit-logs-'));
  const logs = openLogs({ directory: join(parent, 'deep', 'logs'), bytesMax, now: () => 0 });
  onTestFinished(() => {
    logs.close();
    rmSync(parent, { recursive: true });
  });
  return { ...logs, read: (name) => readFileSync(join(logs.directory, name), 'utf8') };
}

test('B8 three logs: readable, complete, and what supervision did', () => {
  const logs = begin();
  logs.output('hello\nworld');
  logs.verbose({ stream: 'out', raw: '{"a":1}' });
  logs.monitor('started');
  logs.close();
  expect(logs.read('output.log')).toBe('hello\nworld\n');
  expect(JSON.parse(logs.read('verbose.jsonl'))).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    stream: 'out',
    raw: '{"a":1}',
  });
  expect(logs.read('monitor.log')).toBe('1970-01-01T00:00:00.000Z started\n');
  expect(statSync(logs.directory).mode & 0o777).toBe(0o700);
});

test('I20 a flood leaves logs of the size allowed, with the newest lines in them', () => {
  const bytesMax = 1024 * 1024;
  const logs = begin(bytesMax);
  for (let line = 0; line < 40_000; line += 1) logs.output(`${line} ${'x'.repeat(100)}`);
  logs.close();
  const sizes = ['output.log', 'output.log.1'].map((name) => statSync(join(logs.directory, name)).size);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(bytesMax);
  expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(bytesMax / 2);
  expect(logs.read('output.log')).toMatch(/\n39999 x+\n$/);
  expect(readdirSync(logs.directory).filter((name) => name.startsWith('output'))).toHaveLength(2);
});

test('I20 one line larger than a log is cut and says so', () => {
  const logs = begin(10_000);
  logs.verbose({ raw: 'x'.repeat(100_000) });
  logs.close();
  expect(statSync(join(logs.directory, 'verbose.jsonl')).size).toBe(5_000);
  expect(logs.read('verbose.jsonl')).toMatch(/\[cut, 1\d{5} bytes\]\n$/);
});

test('I20 logs whose directory vanished harm nobody', () => {
  const logs = begin(10_000);
  rmSync(logs.directory, { recursive: true });
  for (let line = 0; line < 1_000; line += 1) logs.output('x'.repeat(100));
  logs.close();
  expect(existsSync(logs.directory)).toBe(false);
});

test('I19 known secrets appear in no log, plain or encoded; terminal codes do not either', () => {
  const logs = begin();
  const secret = 'sk-very/secret+value';
  logs.hide([secret, 'short']);
  logs.output(`\u001b[31mkey ${secret}\u001b[0m short`);
  logs.verbose({ raw: Buffer.from(secret).toString('base64') });
  logs.monitor(encodeURIComponent(secret));
  logs.close();
  expect(logs.read('output.log')).toBe('key [secret] short\n');
  expect(logs.read('verbose.jsonl')).toContain('"raw":"[secret]"');
  expect(logs.read('monitor.log')).toContain(' [secret]\n');
  expect(logs.redact(`a ${secret} b`)).toBe('a [secret] b');
});

test('I19 a secret that comes in pieces appears in no log, whichever way it was cut', () => {
  const logs = begin();
  const secret = 'sk-ant-api03-Very/Secret+Value';
  logs.hide([secret]);
  const [first, second, third] = [secret.slice(0, 4), secret.slice(4, 19), secret.slice(19)];
  const delta = (text: string): Record<string, unknown> => ({
    stream: 'out',
    raw: JSON.stringify({ type: 'delta', text }),
  });
  logs.verbose(delta(`the key is ${first}`));
  logs.verbose({ event: { type: 'usage', tokens: 7 } });
  logs.verbose(delta(second));
  logs.verbose(delta(`${third} and more`));
  logs.output(`the key is ${first}${second}`);
  logs.output(`${third} and more`);
  logs.monitor(`seen: ${secret.slice(0, 20)}\n${secret.slice(20)}`);
  logs.close();
  for (const name of ['output.log', 'verbose.jsonl', 'monitor.log']) {
    const text = logs.read(name);
    for (const part of [first, second, third, secret.slice(0, 20), secret.slice(20)]) expect(text).not.toContain(part);
    expect(text).toContain('[secret]');
  }
  expect(logs.read('verbose.jsonl').split('\n')).toHaveLength(5);
  expect(logs.read('output.log')).toBe('the key is [secret]\n[secret] and more\n');
});

test('B8 a line that might begin a secret is written soon all the same', async () => {
  const logs = begin();
  logs.hide(['sk-ant-api03-Very/Secret+Value']);
  logs.output('it ends with s');
  while (!logs.read('output.log').includes('ends with s')) await new Promise((resolve) => setImmediate(resolve));
  expect(logs.read('output.log')).toBe('it ends with s\n');
});

test('I19 what is cut to fit a row of the store keeps no part of a secret', () => {
  const logs = begin();
  const secret = 'sk-ant-api03-Very/Secret+Value';
  logs.hide([secret]);
  expect(logs.redact(`Bash echo ${secret.slice(0, 15)}…`)).toBe('Bash echo [secret]…');
  expect(logs.redact(`${secret.slice(-12)} is the end`)).toBe('[secret] is the end');
});
