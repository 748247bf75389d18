/** The package as a user gets it: version, program, library, and the Node it runs on. Needs a build. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, test } from 'vitest';
import { version } from '../src/platform/version.ts';

interface Manifest {
  version: string;
  engines: { node: string };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

test('tests run on a Node that the package supports', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  expect(major * 1000 + minor).toBeGreaterThanOrEqual(24_015);
});

test('one version and one Node requirement everywhere', () => {
  expect(version).toBe(manifest.version);
  expect(manifest.engines.node).toBe('>=24.15');
  expect(readFileSync('bin/orbit', 'utf8')).toContain('const required = [24, 15];');
});

test('the lockfile pins packages by content, not by where they were downloaded', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"');
});

test('bin/orbit runs the bundle', async () => {
  expect(await run(process.execPath, ['bin/orbit', '--version'])).toEqual({
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('the bundle loads nothing from outside before it is used', () => {
  expect(readFileSync('dist/orbit.cjs', 'utf8')).not.toMatch(/^(let|const|var) .*require\(/m);
});

test('the library loads by its package name and has types', async () => {
  const program = `import { version } from 'orbit-agent'; console.log(version);`;
  expect((await run(process.execPath, ['--input-type=module', '-e', program])).stdout).toBe(`${version}\n`);
});

test('publint finds nothing to complain about', async () => {
  const { messages, pkg } = await publint({ pkgDir: '.', level: 'suggestion', strict: true, pack: false });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test('a checkout that is not built says so in one line', async () => {
  await inCopy(async (folder) => {
    const answer = await run(process.execPath, [join(folder, 'bin/orbit'), '--version']);
    expect(answer).toEqual({
      code: 1,
      stdout: '',
      stderr: 'orbit: not built yet, dist/orbit.cjs is missing; run: npm run build\n',
    });
  });
});

test('an old Node hands over to the node package beside it, with arguments, exit code and signals', async () => {
  await inCopy(async (folder) => {
    mkdirSync(join(folder, 'dist'));
    writeFileSync(
      join(folder, 'dist/orbit.cjs'),
      `console.log(process.versions.node, process.argv.slice(2).join()); process.exit(7);`,
    );
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(process.cwd(), 'node_modules/node'), join(folder, 'node_modules/node'));
    const answer = await run(process.execPath, [
      '--require',
      pretendNode(folder, '20.11.0'),
      join(folder, 'bin/orbit'),
      'a',
      'b c',
    ]);
    expect(answer).toEqual({ code: 7, stdout: `${process.versions.node} a,b c\n`, stderr: '' });

    writeFileSync(
      join(folder, 'dist/orbit.cjs'),
      `process.kill(process.ppid, 'SIGTERM'); setInterval(() => {}, 1000);`,
    );
    const ended = await run(process.execPath, ['--require', pretendNode(folder, '20.11.0'), join(folder, 'bin/orbit')]);
    expect(ended.code).toBe('SIGTERM');
  });
});

test('an old Node without another says in one line what it found and what it needs', async () => {
  await inCopy(async (folder) => {
    const answer = await run(process.execPath, [
      '--require',
      pretendNode(folder, '20.11.0'),
      join(folder, 'bin/orbit'),
    ]);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toMatch(/^orbit: needs Node\.js 24\.15 or later, found 20\.11\.0; [^\n]+\n$/);
  });
});

/** Copies bin/ to a folder of its own, away from node_modules and dist. */
async function inCopy(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orbit-package-'));
  try {
    cpSync('bin', join(folder, 'bin'), { recursive: true });
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A module that makes the process that loads it report another Node version. */
function pretendNode(folder: string, nodeVersion: string): string {
  const path = join(folder, 'pretend.cjs');
  writeFileSync(
    path,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${nodeVersion}' } });`,
  );
  return path;
}

function run(program: string, args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.signal ?? error.code ?? 'unknown'), stdout, stderr });
    });
  });
}
