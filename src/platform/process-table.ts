/**
 * What the machine's process table says: from /proc on Linux, from `ps` elsewhere.
 *
 * Owns reading it. A table or row that could not be read is `null`: nobody may conclude from it that a process is gone.
 * /proc is read synchronously: these are memory copies in the kernel, and a look that is spread over time would tear.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** The kernel's own start stamp; see `ProcessIdentity`. */
  startedAt: string;
  /** Ended, but not yet collected by its parent: runs nothing, holds nothing. */
  zombie: boolean;
  /** Has a controlling terminal; false where the system does not tell. */
  terminal: boolean;
  /** Processor time used so far, in milliseconds. */
  cpuMs: number;
  /** Name of the program, as the kernel shortens it. */
  name: string;
}

const onLinux = process.platform === 'linux';

/** Linux counts process times in hundredths of a second for programs, whatever the kernel's own tick is (USER_HZ). */
const tickMs = 10;

/** All rows, or `null` if the table could not be read. */
export function readProcessTable(): ProcessRow[] | null {
  if (!onLinux) return psRows(['-A']);
  try {
    const rows: ProcessRow[] = [];
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const row = readRow(Number(name));
      if (row !== 'gone' && row !== 'unknown') rows.push(row);
    }
    // Our own row is always there; a table without it is somebody's restricted view, not the truth.
    return rows.some((row) => row.pid === process.pid) ? rows : null;
  } catch {
    return null;
  }
}

/** One row. `gone` is certain; whatever cannot be told is `unknown`. */
export function readProcessRow(pid: number): ProcessRow | 'gone' | 'unknown' {
  if (onLinux) return readRow(pid);
  const rows = psRows(['-p', String(pid)]);
  return rows === null ? 'unknown' : (rows.find((row) => row.pid === pid) ?? absent(pid));
}

/** A process's parent, its parent, and so on, as far as they can be read; none where there is no /proc. */
export function readAncestors(pid: number): ProcessRow[] {
  const rows: ProcessRow[] = [];
  if (!onLinux) return rows;
  let row = readRow(pid);
  while (row !== 'gone' && row !== 'unknown' && row.parent > 0) {
    row = readRow(row.parent);
    if (row !== 'gone' && row !== 'unknown') rows.push(row);
  }
  return rows;
}

/** The environment a process was started with, as `NAME=value` texts; `null` where it may not be read. */
export function readEnvironment(pid: number): string[] | null {
  try {
    if (onLinux) return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    // BSD's ps puts the environment after the arguments, separated by blanks: good enough to find names without blanks.
    return runPs(['-E', '-ww', '-o', 'command=', '-p', String(pid)])
      .trim()
      .split(' ');
  } catch {
    return null;
  }
}

/** Bytes read and written so far, through any file, pipe or socket; `null` where the system does not tell. */
export function readIoBytes(pid: number): number | null {
  if (!onLinux) return null;
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'latin1');
    const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return count('rchar') + count('wchar');
  } catch {
    return null;
  }
}

/** Memory that is the process's own and in the machine's memory now, in bytes: not files, nor what it shares. */
export function readOwnMemoryBytes(pid: number): number | null {
  if (!onLinux) return null;
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    return (Number(resident) - Number(shared)) * pageBytes;
  } catch {
    return null;
  }
}

/** Of all machines that Node.js runs on by far the most; where pages are larger, the figure is too low, never too high. */
const pageBytes = 4_096;

/** The fields of proc_pid_stat(5). The program's name may hold blanks and brackets, so counting starts after the last `)`. */
function readRow(pid: number): ProcessRow | 'gone' | 'unknown' {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH' ? absent(pid) : 'unknown';
  }
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const number = (field: number): number => Number(fields[field - 3]);
  const state = fields[0] ?? '';
  return {
    pid,
    parent: number(4),
    group: number(5),
    session: number(6),
    startedAt: `${bootId()}/${fields[22 - 3]}`,
    zombie: state === 'Z' || state === 'X',
    terminal: number(7) !== 0,
    cpuMs: (number(14) + number(15)) * tickMs,
    name: text.slice(text.indexOf('(') + 1, close),
  };
}

/** /proc may hide other people's processes or not be there at all; a signal that is never sent tells the difference. */
function absent(pid: number): 'gone' | 'unknown' {
  try {
    process.kill(pid, 0);
    return 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'unknown';
  }
}

let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return knownBootId;
}

function psRows(which: readonly string[]): ProcessRow[] | null {
  try {
    return runPs([...which, '-o', 'pid=,ppid=,pgid=,sess=,stat=,time=,lstart=,comm='])
      .split('\n')
      .flatMap(psRow);
  } catch (error) {
    // ps ends with 1 and says nothing when the process asked for is not there.
    const { status, stdout } = error as { status?: unknown; stdout?: unknown };
    return status === 1 && stdout === '' ? [] : null;
  }
}

function runPs(args: readonly string[]): string {
  const environment = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
  return execFileSync('ps', args, {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  });
}

/** Reads one line of `ps`, for example `  12  1  12  0 Ss  0:01.50 Mon Jan  5 10:00:00 2026 /bin/sh`. */
export function psRow(line: string): ProcessRow[] {
  const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(
    line,
  );
  if (found === null) return [];
  const [, pid = '', parent = '', group = '', session = '', state = '', time = '', startedAt = '', name = ''] = found;
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      // macOS prints a kernel address or 0 here: no session then, and the group has to do.
      session: /^[1-9]\d*$/.test(session) ? Number(session) : 0,
      startedAt: startedAt.replaceAll(/\s+/g, ' '),
      zombie: state.startsWith('Z'),
      terminal: false,
      cpuMs: cpuMs(time),
      name,
    },
  ];
}

/** `[[days-]hours:]minutes:seconds[.hundredths]` in milliseconds. */
function cpuMs(time: string): number {
  const [days, clock = ''] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000);
}
