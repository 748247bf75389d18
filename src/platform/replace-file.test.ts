import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { replaceFile } from './replace-file.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'orbit-replace-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('A2 a file is replaced whole and keeps its mode; a draft that is not wanted leaves no trace', () => {
  const path = join(folder(), 'a.json');
  writeFileSync(path, 'old', { mode: 0o640 });
  expect(replaceFile(path, 'new')).toBe(true);
  expect(replaceFile(path, 'newer', () => false)).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(path, '..'))).toEqual(['a.json']);
});

test('I15 the draft of a killed process goes with the next writing, all else stays', () => {
  const directory = folder();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const kept = [`.a.json.${process.pid}-999.draft`, `.b.json.${pid}-1.draft`, '.a.json.draft'];
  for (const name of [`.a.json.${pid}-1.draft`, ...kept]) writeFileSync(join(directory, name), '');
  replaceFile(join(directory, 'a.json'), 'text');
  expect(readdirSync(directory).sort()).toEqual([...kept, 'a.json'].sort());
});
