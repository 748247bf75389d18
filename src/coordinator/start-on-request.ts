/**
 * Starts a coordinator as a process of its own that gives out only what is asked for (`orbit run --on-request`).
 *
 * Owns its start: detached, so that it outlives whoever asked first, and with an environment that makes it act for nobody but the
 * person. What it says goes to `logs/on-request.log`.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StartedRun } from '../actions/context.ts';
import { withoutIdentity } from '../platform/environment.ts';
import { OperationalError } from '../platform/error.ts';
import type { Paths } from '../platform/paths.ts';

/** Its words are few; past this the older ones move to `<file>.1`. */
const logBytesMax = 8 * 1024 * 1024;

export function startOnRequest(order: {
  /** Program and leading arguments that start Orbit. */
  program: readonly [string, string];
  paths: Pick<Paths, 'top' | 'logs'>;
  environment: Readonly<Record<string, string | undefined>>;
  plans: readonly string[];
}): StartedRun {
  const { program, paths, environment, plans } = order;
  const file = join(paths.logs, 'on-request.log');
  mkdirSync(paths.logs, { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) renameSync(file, `${file}.1`);
  const saidBefore = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(file, 'a', 0o600);
  try {
    const child = spawn(program[0], [program[1], 'run', '--on-request', '--no-color', '--', ...plans], {
      cwd: paths.top,
      env: withoutIdentity(environment),
      stdio: ['ignore', log, log],
      detached: true,
    });
    let hasEnded = child.pid === undefined;
    child.once('error', () => (hasEnded = true));
    child.once('exit', () => (hasEnded = true));
    child.unref();
    if (child.pid === undefined)
      throw new OperationalError('run-failed', `${program[0]} cannot be started`, { hint: 'orbit doctor' });
    return { pid: child.pid, ended: () => (hasEnded ? lastWords(file, saidBefore) : null) };
  } finally {
    closeSync(log);
  }
}

/** Its complaint, in one line; '' where it had none. */
function lastWords(file: string, from: number): string {
  const said = readFileSync(file).subarray(from).toString('utf8');
  const at = said.lastIndexOf('orbit: ');
  return at < 0
    ? ''
    : said
        .slice(at + 'orbit: '.length)
        .trim()
        .replaceAll(/\s*\n\s*/g, '; ')
        .slice(0, 1_000);
}
