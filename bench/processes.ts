/**
 * Whole processes, timed from the call that starts them to the notice of their end.
 *
 * Owns the environment that they get: nothing of the caller's, so that neither settings nor an attempt's variables leak in.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Run {
  command: string;
  args: readonly string[];
  cwd: string;
  environment?: Readonly<Record<string, string>>;
}

export interface Ended {
  ms: number;
  exitCode: number | null;
  output: string;
}

/** The cheapest process that this Node can be: the limit of every command. */
export function emptyNode(cwd: string): Run {
  return { command: process.execPath, args: ['-e', '0'], cwd };
}

/** One after another; blocks this process, so that nothing of it disturbs. Throws unless it exits with 0. */
export function runAlone(run: Run): Ended {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(run.command, run.args, {
    cwd: run.cwd,
    env: environmentOf(run),
    encoding: 'utf8',
  });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${run.command} ${run.args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return { ms, exitCode: status, output: stdout };
}

/** All at once. Answers all ends, good or bad. */
export async function runTogether(runs: readonly Run[]): Promise<Ended[]> {
  return Promise.all(runs.map(runBeside));
}

async function runBeside(run: Run): Promise<Ended> {
  const start = performance.now();
  const child = spawn(run.command, run.args, {
    cwd: run.cwd,
    env: environmentOf(run),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    let ms = 0;
    child.once('error', reject);
    child.once('exit', () => (ms = performance.now() - start));
    child.once('close', (exitCode) => resolve({ ms, exitCode, output }));
  });
}

export function environmentOf({ environment = {} }: Pick<Run, 'environment'>): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USER', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C', TZ: 'UTC', ...environment };
}

/** A copy of the built program, so that a build during the run changes nothing under it. Answers the path of `orbit.cjs`. */
export function copyProgram(directory: string): string {
  const built = join(import.meta.dirname, '..', 'dist');
  if (!existsSync(join(built, 'orbit.cjs'))) throw new Error('dist/orbit.cjs is not there: npm run build');
  const copy = join(directory, 'dist');
  mkdirSync(copy);
  cpSync(built, copy, { recursive: true, filter: (path) => path !== join(built, 'lib') });
  return join(copy, 'orbit.cjs');
}
