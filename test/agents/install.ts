/**
 * Installs the agents' programs from npm, each once per machine and version.
 *
 * A program that is there and tells its version is left alone. What cannot be installed is an answer with its reason: its tests
 * are then skipped, and the reason is printed in one line.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { lockOneOf } from '../../src/platform/file-lock.ts';
import { cacheDirectory, folderOf, programOf, type Cli } from './clis.ts';

/** Some are 400 MB; a slow line takes its time. */
const installMs = 900_000;
/** The first start of one of them unpacks 235 MB. */
const versionMs = 60_000;

/** `null` when the program is ready, else why it is not. */
export async function installCli(cli: Cli): Promise<string | null> {
  if (await tellsVersion(cli)) return null;
  const lock = await lockOneOf([join(cacheDirectory(), `.${cli.name}_${cli.version}.lock`)], installMs);
  if (lock === null) return 'another installation of it does not end';
  try {
    // Another process may have done it while this one waited.
    if (await tellsVersion(cli)) return null;
    const folder = folderOf(cli);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const wanted = `${cli.package}@${cli.version}`;
    const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', wanted];
    const end = await run('npm', args, { cwd: folder, timeoutMs: installMs, home: process.env['HOME'] ?? tmpdir() });
    if (end.code !== 0) return `npm install ${wanted}: ${lastLine(end.text) || `exit code ${end.code}`}`;
    return (await tellsVersion(cli)) ? null : `${wanted} was installed but does not tell its version`;
  } finally {
    await lock.release();
  }
}

async function tellsVersion(cli: Cli): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'orbit-cli-'));
  try {
    const end = await run(programOf(cli), ['--version'], { cwd: home, timeoutMs: versionMs, home });
    return end.code === 0 && end.text.includes(cli.version);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function run(
  command: string,
  args: readonly string[],
  { cwd, timeoutMs, home }: { cwd: string; timeoutMs: number; home: string },
): Promise<{ code: number | null; text: string }> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd,
      // npm picks by the Node.js it runs on, so the one that runs the tests comes first.
      env: { ...process.env, HOME: home, PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.once('error', (error) => done({ code: null, text: error.message }));
    child.once('close', (code) => done({ code, text }));
  });
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => /\S/.test(line) && !/complete log of this run/.test(line));
  return (lines.find((line) => /npm error (?!code)/.test(line)) ?? lines.at(-1) ?? '').trim().slice(0, 300);
}
