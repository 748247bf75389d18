/**
 * Processes: starting one, naming it so that it cannot be mistaken for a later one, and looking whether it lives.
 *
 * Invariant: a look that failed is `unknown`, never `gone`; the number of a process alone is never its name.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants, accessSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ProcessIdentity } from '../core/attempt.ts';
import { readProcessRow } from './process-table.ts';

export interface ProcessOrder {
  /** Absolute path of the program, or a bare name to be found on the PATH in `environment`. */
  command: string;
  args: readonly string[];
  cwd: string;
  /** The child's whole environment. */
  environment: Readonly<Record<string, string>>;
  stdin: 'pipe' | 'ignore';
}

export interface ProcessExit {
  /** `null` when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
}

export interface StartedProcess {
  identity: ProcessIdentity;
  /** `null` when the order said `ignore`. Errors on it (the program does not read) are swallowed: they are no failure. */
  stdin: Writable | null;
  stdout: Readable;
  stderr: Readable;
  /** Never rejects. */
  exit: Promise<ProcessExit>;
}

/** A sentence that says what could not be started and why. */
export interface StartFault {
  fault: string;
}

export type ProcessLook = 'alive' | 'gone' | 'unknown';

/**
 * Starts a program without a shell, as leader of a session and process group of its own, so that its tree can be ended whole
 * and a Ctrl-C at the terminal does not reach it. What the world refuses (no such program, not executable, out of processes)
 * is an answer, never thrown.
 */
export async function startProcess(order: ProcessOrder): Promise<StartedProcess | StartFault> {
  const program = findProgram(order.command, order.environment['PATH'] ?? '');
  if ('fault' in program) return program;
  const directoryFault = faultOfDirectory(order.cwd);
  if (directoryFault !== null) return { fault: `cannot start ${program.path}: ${directoryFault}` };
  let child: ChildProcess;
  try {
    child = spawn(program.path, order.args, {
      cwd: order.cwd,
      env: { ...order.environment },
      stdio: [order.stdin, 'pipe', 'pipe'],
      detached: true,
    });
  } catch (error) {
    return { fault: `cannot start ${program.path}: ${messageOf(error)}` };
  }
  return started(child, program.path);
}

/**
 * Finds the file that a command means. A bare name is searched on `path`; only absolute entries of it count, because a
 * relative one would let whoever writes the current directory choose the program.
 */
export function findProgram(command: string, path: string): { path: string } | StartFault {
  if (command.includes('/')) {
    if (!isAbsolute(command)) return { fault: `program ${command} is not an absolute path` };
    const fault = faultOfProgram(command);
    return fault === null ? { path: command } : { fault: `program ${command} ${fault}` };
  }
  const tried = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((entry) => join(entry, command));
  let notExecutable: string | null = null;
  for (const file of tried) {
    const fault = command === '' ? 'does not exist' : faultOfProgram(file);
    if (fault === null) return { path: file };
    if (fault === 'is not executable') notExecutable ??= file;
  }
  if (notExecutable !== null) return { fault: `program ${notExecutable} is not executable` };
  return { fault: `program ${JSON.stringify(command)} is not on the PATH (${path === '' ? 'which is empty' : path})` };
}

/** Names a running process, or answers `null` when it is gone or cannot be read. */
export function processIdentity(pid: number): ProcessIdentity | null {
  const row = readProcessRow(pid);
  return row === 'gone' || row === 'unknown' ? null : { host: hostname(), pid, startedAt: row.startedAt };
}

/** Whether exactly this process still runs. One on another machine cannot be seen from here: `unknown`. */
export function lookAtProcess(identity: ProcessIdentity): ProcessLook {
  if (identity.host !== hostname() || identity.startedAt === '') return 'unknown';
  const row = readProcessRow(identity.pid);
  if (row === 'unknown' || row === 'gone') return row;
  return row.zombie || row.startedAt !== identity.startedAt ? 'gone' : 'alive';
}

async function started(child: ChildProcess, path: string): Promise<StartedProcess | StartFault> {
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) {
    return new Promise((answer) => {
      child.once('error', (error) => answer({ fault: `cannot start ${path}: ${messageOf(error)}` }));
    });
  }
  // Read before anything is awaited: until then even an ended child keeps its row, for only this process can collect it.
  const identity = processIdentity(pid) ?? { host: hostname(), pid, startedAt: '' };
  const exit = new Promise<ProcessExit>((answer) => {
    child.once('exit', (exitCode, signal) => answer({ exitCode, signal }));
  });
  child.on('error', ignore);
  for (const stream of [stdin, stdout, stderr]) stream?.on('error', ignore);
  return { identity, stdin, stdout, stderr, exit };
}

function faultOfProgram(file: string): string | null {
  try {
    if (!statSync(file).isFile()) return 'is not a file';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
      ? 'cannot be reached (permission denied)'
      : 'does not exist';
  }
  try {
    accessSync(file, constants.X_OK);
    return null;
  } catch {
    return 'is not executable';
  }
}

function faultOfDirectory(directory: string): string | null {
  try {
    return statSync(directory).isDirectory() ? null : `${resolve(directory)} is not a directory`;
  } catch {
    return `the directory ${resolve(directory)} does not exist`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ignore(): void {
  // The exit tells all that matters; a pipe that broke because the other side left is no event of its own.
}
