import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureShims } from './shim.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "orbit shim's $(id) "));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('launchers hand every argument on, whatever stands in it or in the paths', async () => {
  const directory = folder();
  const program = join(directory, 'orbit.cjs');
  writeFileSync(program, 'process.stdout.write(JSON.stringify(process.argv.slice(2)))');
  await ensureShims(join(directory, 'bin'), { execPath: process.execPath, program: [program] });
  const args = ['a b', "'", '"$HOME"', '', '*'];
  for (const name of ['orbit', 'orbit-agent'])
    expect(JSON.parse(execFileSync(join(directory, 'bin', name), args, { encoding: 'utf8' }))).toEqual(args);
});

test('launchers that are right stay, wrong ones are replaced whole, nothing is left over', async () => {
  const directory = folder();
  const target = { execPath: '/usr/bin/node', program: ['/x/orbit.cjs'] };
  await Promise.all([1, 2, 3].map(async () => ensureShims(directory, target)));
  const { ino } = statSync(join(directory, 'orbit'));
  await ensureShims(directory, target);
  expect(statSync(join(directory, 'orbit')).ino).toBe(ino);
  chmodSync(join(directory, 'orbit'), 0o644);
  writeFileSync(join(directory, 'orbit-agent'), 'broken');
  await ensureShims(directory, target);
  for (const name of ['orbit', 'orbit-agent']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o755);
  expect(readdirSync(directory).sort()).toEqual(['orbit', 'orbit-agent']);
});

test('a folder that cannot be written is an operational error', async () => {
  const directory = folder();
  writeFileSync(join(directory, 'file'), '');
  const target = { execPath: '/usr/bin/node', program: ['/x/orbit.cjs'] };
  await expect(ensureShims(join(directory, 'file', 'below'), target)).rejects.toMatchObject({
    code: 'file-unwritable',
  });
});
