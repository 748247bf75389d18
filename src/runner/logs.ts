/**
 * The logs of one attempt (B8): `output.log` for people, `verbose.jsonl` with everything, `monitor.log` with what
 * supervision saw and did.
 *
 * Owns their files and their size. Invariant: a log never harms the attempt (I20): a full disk or a flood costs lines, which
 * are counted, never the runner; and none of the known secrets gets into one (I19).
 */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lineRedactor } from '../platform/redact-lines.ts';
import { hideEdges, redactor, secretForms } from '../platform/redact.ts';
import { printable } from '../platform/text.ts';

export interface AttemptLogs {
  directory: string;
  /** A readable line or several; control characters are taken out. */
  output(text: string): void;
  /** One JSON value a line, with the time. */
  verbose(entry: Readonly<Record<string, unknown>>): void;
  /** A line with the time: what supervision saw and did. */
  monitor(text: string): void;
  /** From now on these values appear in no log; short ones are taken for ordinary words and stay. */
  hide(secrets: readonly string[]): void;
  /** The text without the known secrets, for wherever else it goes. */
  redact(text: string): string;
  /** Writes what is still held back and closes the files. */
  close(): void;
}

export interface LogsOrder {
  directory: string;
  /** Of each log with its older half; one file holds half of it. */
  bytesMax: number;
  now(): number;
}

/** Opens the logs; the directory is made. Throws what the file system says when that cannot be done. */
export function openLogs(order: LogsOrder): AttemptLogs {
  mkdirSync(order.directory, { recursive: true, mode: 0o700 });
  let secrets: readonly string[] = [];
  let redactKnown = redactor([]);
  const open = (name: string, kind: 'json' | 'text'): SafeFile =>
    safeFile(openLogFile(join(order.directory, name), Math.floor(order.bytesMax / 2)), kind);
  const output = open('output.log', 'text');
  const verbose = open('verbose.jsonl', 'json');
  const monitor = open('monitor.log', 'text');
  const time = (): string => new Date(order.now()).toISOString();
  return {
    directory: order.directory,
    output: (text) => output.write(printable(text)),
    verbose: (entry) => verbose.write(JSON.stringify({ at: time(), ...entry })),
    monitor: (text) => monitor.write(`${time()} ${printable(text)}`),
    hide(values) {
      secrets = values;
      const forms = secretForms(secrets);
      const redactWhole = redactor(secrets);
      redactKnown = (text) => hideEdges(redactWhole(text), forms);
      for (const file of [output, verbose, monitor]) file.hide(secrets);
    },
    redact: (text) => redactKnown(text),
    close() {
      for (const file of [output, verbose, monitor]) file.close();
    },
  };
}

interface SafeFile extends LogFile {
  hide(secrets: readonly string[]): void;
}

/** A beginning this short is in many lines and tells nothing; it is not waited for. */
const tellingLength = 4;
const heldMs = { short: 50, telling: 3_000 };

/** A file that no secret gets into, also not in pieces: a line that may hold the beginning of one waits for the next. */
function safeFile(file: LogFile, kind: 'json' | 'text'): SafeFile {
  let lines = lineRedactor([], kind);
  let waiting: NodeJS.Timeout | null = null;
  const write = (ready: readonly string[]): void => {
    for (const line of ready) file.write(line);
  };
  const flush = (): void => {
    if (waiting !== null) clearTimeout(waiting);
    waiting = null;
    write(lines.flush());
  };
  return {
    write(line) {
      write(lines.push(line));
      if (waiting !== null) clearTimeout(waiting);
      waiting = null;
      if (lines.pending === 0) return;
      waiting = setTimeout(flush, lines.pending < tellingLength ? heldMs.short : heldMs.telling);
      waiting.unref();
    },
    hide(secrets) {
      flush();
      lines = lineRedactor(secrets, kind);
    },
    close() {
      flush();
      file.close();
    },
  };
}

interface LogFile {
  write(line: string): void;
  close(): void;
}

/** Lines are gathered for one turn of the event loop, so that a flood costs a write per 64 KiB and not per line. */
const gatheredBytesMax = 64 * 1024;

function openLogFile(path: string, bytesMax: number): LogFile {
  let file: number | null = openSync(path, 'a', 0o600);
  let size = statSync(path).size;
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let scheduled: NodeJS.Immediate | null = null;
  let lost = 0;

  const rotate = (): void => {
    if (file !== null) closeSync(file);
    file = null;
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a', 0o600);
    size = 0;
  };
  const flush = (): void => {
    if (scheduled !== null) clearImmediate(scheduled);
    scheduled = null;
    const lines = gathered;
    gathered = [];
    gatheredBytes = 0;
    if (lines.length === 0) return;
    try {
      const note = lost > 0 ? [Buffer.from(`[${lost} lines could not be written]\n`)] : [];
      const bytes = Buffer.concat([...note, ...lines]);
      if (size > 0 && size + bytes.length > bytesMax) rotate();
      file ??= openSync(path, 'a', 0o600);
      writeSync(file, bytes);
      size += bytes.length;
      lost = 0;
    } catch {
      lost += lines.length;
    }
  };
  return {
    write(line) {
      const bytes = lineOf(line, bytesMax);
      if (gatheredBytes + bytes.length > Math.min(bytesMax, gatheredBytesMax)) flush();
      gathered.push(bytes);
      gatheredBytes += bytes.length;
      scheduled ??= setImmediate(flush);
    },
    close() {
      flush();
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

/** The line with its end, cut where it alone would be larger than the log may be. */
function lineOf(line: string, bytesMax: number): Buffer {
  const bytes = Buffer.from(`${line}\n`);
  if (bytes.length <= bytesMax) return bytes;
  const mark = Buffer.from(` [cut, ${bytes.length} bytes]\n`);
  return Buffer.concat([bytes.subarray(0, bytesMax - mark.length), mark]);
}
