import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLog } from './log.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbit-log-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('I20 a log has a line with its time per entry, whatever the entry holds, and makes its folder', () => {
  const path = join(folder(), 'deep', 'coordinator.log');
  const log = openLog(path, () => 0);
  log('one\ntwo \u001b[2J\u0007three');
  log('four');
  expect(readFileSync(path, 'utf8')).toBe('1970-01-01T00:00:00.000Z one two three\n1970-01-01T00:00:00.000Z four\n');
});

test('I20 a log that grew too large makes room, and keeps what was there', () => {
  const path = join(folder(), 'coordinator.log');
  writeFileSync(path, 'x'.repeat(9 * 1024 * 1024));
  openLog(path, () => 0)('new');
  expect(readFileSync(path, 'utf8')).toContain('new');
  expect(statSync(path).size).toBeLessThan(100);
  expect(statSync(`${path}.1`).size).toBe(9 * 1024 * 1024);
});

test('a log that cannot be written costs its lines and nothing else', () => {
  const path = join(folder(), 'file');
  writeFileSync(path, '');
  expect(() => openLog(join(path, 'under-a-file.log'), () => 0)('lost')).not.toThrow();
});
