/**
 * What an attempt's agent did and said, and what its logs tell, page by page. Reads only.
 *
 * Owns that a page costs the same at the beginning and the end of a log of any size. Secrets were taken out when the logs were written.
 */
import { join } from 'node:path';
import type { StreamReader } from '../agent/agent.ts';
import type { Attempt } from '../core/attempt.ts';
import { printable } from '../platform/text.ts';
import type { Context } from './context.ts';
import { requireAttempt } from './list-attempts.ts';
import { isShown } from './log-choice.ts';
import { entriesOf } from './log-entry.ts';
import { readLines, scannedBytesMax, tailStart, type LogLine, type LogPage } from './log-page.ts';
import { logFiles } from './read-logs.ts';

export interface TranscriptEntry {
  at: string | null;
  kind: string;
  text: string;
  /** Offset of its line in the file: entries of one line share it. */
  line: number;
}

export interface Transcript {
  token: number;
  /** Give it back as `from` to read on. */
  next: number;
  more: boolean;
  /** The attempt goes on, and with it the log. */
  live: boolean;
  entries: readonly TranscriptEntry[];
}

export interface PageOrder {
  token: number;
  /** Offset in the file; -1: so that the page ends where the log ends now. */
  from: number;
  /** Entries, or lines; a line that tells of two things is never parted. */
  limit: number;
}

/**
 * @param order.kinds only such entries; `null`: what people read, without the lines that went through the agent's pipes.
 * Throws `UsageError` `unknown-attempt`.
 */
export async function readTranscript(
  context: Context,
  order: PageOrder & { kinds: readonly string[] | null },
): Promise<Transcript> {
  const attempt = await requireAttempt(context, order.token);
  const head = { token: attempt.token, live: attempt.endedAt === null };
  const path = pathOf(attempt, 'verbose');
  if (path === null) return { ...head, next: 0, more: false, entries: [] };
  const newReader = async (): Promise<StreamReader | null> =>
    attempt.adapter === null ? null : context.streamReader(attempt.adapter);
  const read = async (from: number, limit: number): Promise<LogPage & { entries: TranscriptEntry[] }> => {
    const reader = await newReader();
    if (reader !== null) warmUp(reader, path, from);
    const entries: TranscriptEntry[] = [];
    const page = readLines(path, from, (line) => {
      entries.push(...shownOf(line, reader, order.kinds));
      return entries.length < limit;
    });
    return { ...page, entries };
  };
  if (order.from >= 0) return { ...head, ...(await read(order.from, order.limit)) };
  return { ...head, ...(await readTail(path, order.limit, read)) };
}

/**
 * A reader knows from earlier lines what a later one belongs to, such as a message that comes in parts: it is shown those just before
 * the page, for so many bytes.
 */
const contextBytes = 262_144;

function warmUp(reader: StreamReader, path: string, before: number): void {
  if (before <= 0) return;
  readLines(path, Math.max(0, before - contextBytes), (line) => {
    if (line.end > before) return false;
    entriesOf(line.text, reader);
    return line.end < before;
  });
}

function shownOf(line: LogLine, reader: StreamReader | null, kinds: readonly string[] | null): TranscriptEntry[] {
  return entriesOf(line.text, reader)
    .filter(({ kind }) => isShown(kind, kinds, reader !== null))
    .map(({ at, kind, text }) => ({
      at: at === null ? null : new Date(at).toISOString(),
      kind,
      text: cut(text, line.droppedBytes),
      line: line.offset,
    }));
}

/** A page of entries is for people: what a tool printed for pages is in the log itself. */
const entryLengthMax = 16_384;

function cut(text: string, droppedBytes: number): string {
  const left = Math.max(0, text.length - entryLengthMax) + droppedBytes;
  const shown = printable(text.slice(0, entryLengthMax));
  return left > 0 ? `${shown} [${left} more]` : shown;
}

/** The last `limit` of a log: a larger and larger end of it is read until they are found. */
async function readTail<Item>(
  path: string,
  limit: number,
  read: (from: number, limit: number) => Promise<LogPage & { entries: Item[] }>,
): Promise<LogPage & { entries: Item[] }> {
  for (let bytes = firstTailBytes; ; bytes *= 4) {
    const { from, isAll } = tailStart(path, bytes);
    const page = await read(from, Number.POSITIVE_INFINITY);
    if (page.entries.length >= limit || isAll) return { ...page, entries: page.entries.slice(-limit) };
  }
}

/** Some hundred entries of an ordinary agent. */
const firstTailBytes = scannedBytesMax / 64;

/**
 * Lines of the readable log, or of what supervision saw, as one text.
 *
 * Throws `UsageError` `unknown-attempt`.
 */
export async function readLogText(
  context: Context,
  order: PageOrder & { log: 'output' | 'monitor' },
): Promise<Omit<Transcript, 'entries'> & { text: string }> {
  const attempt = await requireAttempt(context, order.token);
  const head = { token: attempt.token, live: attempt.endedAt === null };
  const path = pathOf(attempt, order.log);
  if (path === null) return { ...head, next: 0, more: false, text: '' };
  const read = async (from: number, limit: number): Promise<LogPage & { entries: string[] }> => {
    const entries: string[] = [];
    const page = readLines(path, from, ({ text, droppedBytes }) => {
      entries.push(`${droppedBytes > 0 ? `${text} [${droppedBytes} more]` : text}\n`);
      return entries.length < limit;
    });
    return { ...page, entries };
  };
  const { next, more, entries } =
    order.from >= 0 ? await read(order.from, order.limit) : await readTail(path, order.limit, read);
  return { ...head, next, more, text: printable(entries.join('')) };
}

function pathOf({ logs }: Attempt, log: keyof typeof logFiles): string | null {
  return logs === null ? null : join(logs, logFiles[log]);
}
