/**
 * The line splitter for what agents print.
 *
 * Owns the cut from bytes to lines, in bounded memory whatever comes (I20): it splits at `\n` only, keeps at most
 * `lineBytesMax` bytes of a line and counts the rest. `node:readline` is no substitute: it splits at U+2028, which JSON text
 * may hold, and a line of about 600 MB ends the process (measured). Lines come out as text without NUL, which PostgreSQL
 * cannot store, and with U+FFFD for bytes that are not UTF-8.
 */
import { limits } from '../core/limits.ts';

export interface Line {
  text: string;
  /** Bytes of this line that were dropped because it was too long. */
  droppedBytes: number;
}

export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Hands out what stands after the last `\n`, if anything. */
  end(): void;
}

export interface LineSplitterOptions {
  onLine(line: Line): void;
  /** Default {@link limits.lineBytesMax}. A carriage return before the `\n` does not count. */
  lineBytesMax?: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Makes a splitter; `onLine` is called in order, from inside `push` and `end`. How the bytes are chunked never shows. */
export function lineSplitter(options: LineSplitterOptions): LineSplitter {
  const max = options.lineBytesMax ?? limits.lineBytesMax;
  // One byte more than a line may have: the carriage return that may still turn out to end it.
  const held = growingBuffer(max + 1);
  let length = 0;
  let last = 0;

  const take = (bytes: Uint8Array): void => {
    held.append(bytes);
    length += bytes.length;
    last = bytes.at(-1) ?? last;
  };
  const finish = (): void => {
    const lineLength = last === carriageReturn ? length - 1 : length;
    options.onLine(lineOf(held.bytes(), lineLength, max));
    held.clear();
    length = 0;
    last = 0;
  };
  return {
    push(chunk): void {
      let start = 0;
      for (let cut = chunk.indexOf(newline); cut >= 0; cut = chunk.indexOf(newline, start)) {
        take(chunk.subarray(start, cut));
        finish();
        start = cut + 1;
      }
      if (start < chunk.length) take(chunk.subarray(start));
    },
    end(): void {
      if (length > 0) finish();
    },
  };
}

/** Replaces what storage or a terminal line cannot hold: NUL, and halves of surrogate pairs (JSON escapes can make both). */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
}

function lineOf(bytes: Buffer, lineLength: number, max: number): Line {
  const kept = lineLength > max ? wholeCharacters(bytes.subarray(0, max)) : bytes.subarray(0, lineLength);
  return { text: cleanText(kept.toString('utf8')), droppedBytes: lineLength - kept.length };
}

/** Takes off a UTF-8 character that the limit cut in two, so that a shortened line does not end in a broken one. */
function wholeCharacters(bytes: Buffer): Buffer {
  let lead = bytes.length - 1;
  while (lead > 0 && lead > bytes.length - 4 && ((bytes[lead] ?? 0) & 0xc0) === 0x80) lead -= 1;
  const first = bytes[lead] ?? 0;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return lead + size > bytes.length ? bytes.subarray(0, lead) : bytes;
}

/**
 * A buffer that grows by doubling up to `max` bytes and ignores what is beyond. It copies: a kept slice of a pipe's chunk
 * would hold the chunk's whole 64 KiB in memory for one byte.
 */
function growingBuffer(max: number): { append(bytes: Uint8Array): void; bytes(): Buffer; clear(): void } {
  const firstSize = Math.min(4_096, max);
  let buffer = Buffer.allocUnsafe(firstSize);
  let used = 0;
  return {
    append(bytes): void {
      const wanted = Math.min(used + bytes.length, max);
      if (wanted > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.min(max, Math.max(wanted, buffer.length * 2)));
        buffer.copy(larger, 0, 0, used);
        buffer = larger;
      }
      buffer.set(bytes.subarray(0, wanted - used), used);
      used = wanted;
    },
    bytes: () => buffer.subarray(0, used),
    clear(): void {
      if (buffer.length > 64 * 1_024) buffer = Buffer.allocUnsafe(firstSize);
      used = 0;
    },
  };
}
