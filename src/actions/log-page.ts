/**
 * Reading a log in pages: from an offset on, or its end, however large it is.
 *
 * Owns that no page reads more than {@link scannedBytesMax} or holds more than one line of {@link lineBytesMax}. A line counts once it is
 * ended. Offsets are bytes of the file; one within a line means the next line; one beyond the end means that the file was begun anew: what
 * was not read of its older half (`.1`) comes first, where that is still there.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

export interface LogLine {
  text: string;
  /** Where it begins. */
  offset: number;
  /** Behind its line feed. */
  end: number;
  /** Bytes that were left out of `text`. */
  droppedBytes: number;
}

export interface LogPage {
  /** Behind the last line that was taken: what the next page begins at. */
  next: number;
  /** More lines are there already. */
  more: boolean;
}

/** One page parses so much at most: a tenth of a second, in which a server answers nobody else. */
export const scannedBytesMax = 2_097_152;
/** Of one line as much is kept: what an agent reads from a large file in one call, and some. */
const lineBytesMax = 1_048_576;

const pieceBytes = 65_536;
const lineFeed = 10;

/** Takes lines from `from` on until `take` answers `false` (that line is taken) or enough was read. A file that is not there is empty. */
export function readLines(path: string, from: number, take: (line: LogLine) => boolean): LogPage {
  const size = sizeOf(path);
  const older = `${path}.1`;
  if (from <= (size ?? 0) || from > (sizeOf(older) ?? 0)) return readFile(path, from, take);
  const page = readFile(older, from, take);
  return page.more ? page : { next: 0, more: size !== null && size > 0 };
}

function readFile(path: string, from: number, take: (line: LogLine) => boolean): LogPage {
  return withFile(path, { next: 0, more: false }, (file, size) => {
    const start = from > size ? 0 : from;
    const lines = new LineCutter(start, start > 0 && byteAt(file, start - 1) !== lineFeed);
    const piece = Buffer.alloc(pieceBytes);
    for (let at = start; at < size && at - start < scannedBytesMax;) {
      const count = readSync(file, piece, 0, pieceBytes, at);
      if (count === 0) break;
      for (const line of lines.push(piece.subarray(0, count)))
        if (!take(line)) return { next: line.end, more: line.end < size };
      at += count;
    }
    const { next, scanned } = lines;
    // A line that is longer than a page is left out; otherwise nobody would ever get past it.
    const isStuck = next === start && scanned - start >= scannedBytesMax;
    return { next: isStuck ? scanned : next, more: scanned < size };
  });
}

/** Where to begin so that about the last `bytes` are read, at most a page; at the beginning of a line, or within one. */
export function tailStart(path: string, bytes: number): { from: number; isAll: boolean } {
  return withFile(path, { from: 0, isAll: true }, (_file, size) => {
    const from = Math.max(0, size - Math.min(bytes, scannedBytesMax));
    return { from, isAll: from === 0 || bytes >= scannedBytesMax };
  });
}

/** Cuts bytes into lines, with where each stands in the file. */
class LineCutter {
  /** Behind the last whole line. */
  next: number;
  /** Behind the last byte that was looked at. */
  scanned: number;
  #isWithin: boolean;
  #parts: Buffer[] = [];
  #kept = 0;

  constructor(start: number, isWithin: boolean) {
    this.next = start;
    this.scanned = start;
    this.#isWithin = isWithin;
  }

  push(bytes: Buffer): LogLine[] {
    const lines: LogLine[] = [];
    let at = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, at)) {
      this.#keep(bytes.subarray(at, end));
      at = end + 1;
      const offset = this.next;
      this.next = this.scanned + at;
      if (!this.#isWithin) {
        const text = Buffer.concat(this.#parts).toString('utf8');
        lines.push({ text, offset, end: this.next, droppedBytes: this.next - 1 - offset - this.#kept });
      }
      this.#isWithin = false;
      this.#parts = [];
      this.#kept = 0;
    }
    this.#keep(bytes.subarray(at));
    this.scanned += bytes.length;
    return lines;
  }

  #keep(bytes: Buffer): void {
    const part = bytes.subarray(0, Math.max(0, lineBytesMax - this.#kept));
    if (part.length === 0 || this.#isWithin) return;
    // The buffer that it is a part of is read into again.
    this.#parts.push(Buffer.from(part));
    this.#kept += part.length;
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function byteAt(file: number, at: number): number | undefined {
  const byte = Buffer.alloc(1);
  return readSync(file, byte, 0, 1, at) === 1 ? byte[0] : undefined;
}

function withFile<T>(path: string, without: T, read: (file: number, size: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return without;
  }
  try {
    return read(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}
