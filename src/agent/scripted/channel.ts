/**
 * The scripted agent's side of the json-lines protocol: events out, hints and interrupts in.
 *
 * Each line is awaited until it has left, so that a flood holds this process back and not its reader's memory, and so that none is
 * lost when the process ends at once after the last: a pipe takes only so many lines that nobody has read.
 */
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentEvent } from '../agent.ts';
import { lineSplitter } from '../lines.ts';

export interface Channel {
  emit: (event: Exclude<AgentEvent, { type: 'end' }>) => Promise<void>;
  /** Writes bytes as they are, to standard output unless said otherwise. */
  write: (bytes: Uint8Array | string, to?: Writable) => Promise<void>;
  /** The next hint not yet taken; `null` when no more can come or an interrupt did. */
  nextHint: () => Promise<string | null>;
  /** Waits, at most until an interrupt. */
  pause: (ms: number) => Promise<void>;
  /** Lets go of standard input, which would keep this process alive. */
  close: () => void;
}

export function openChannel(input: Readable, output: Writable): Channel {
  const hints: string[] = [];
  let interrupted = false;
  let ring = (): void => undefined;

  const onLine = (text: string): void => {
    const message = messageOf(text);
    if (message.type === 'hint') hints.push(message.text);
    if (message.type === 'interrupt') interrupted = true;
    ring();
  };
  const splitter = lineSplitter({ onLine: (line) => onLine(line.text) });
  input.on('data', (chunk: Buffer) => splitter.push(chunk));
  input.on('error', () => undefined);
  input.once('close', () => ring());

  const write = async (bytes: Uint8Array | string, to: Writable = output): Promise<void> =>
    new Promise((left) => void to.write(bytes, () => left()));
  // One that came between two waits ends the next: whoever sends it cannot know how far the play is.
  const takeInterrupt = (): boolean => {
    const was = interrupted;
    interrupted = false;
    return was;
  };
  const news = async (): Promise<false> =>
    new Promise((resolve) => {
      ring = () => resolve(false);
    });
  return {
    write,
    emit: async (event) => write(`${JSON.stringify(event)}\n`),
    async nextHint(): Promise<string | null> {
      while (hints.length === 0 && !input.destroyed) {
        if (takeInterrupt()) return null;
        await news();
      }
      return hints.shift() ?? null;
    },
    async pause(ms): Promise<void> {
      const waiting = new AbortController();
      const over = delay(ms, true, { signal: waiting.signal }).catch(() => true);
      let isOver = takeInterrupt();
      while (!isOver) isOver = (await Promise.race([over, news()])) || takeInterrupt();
      waiting.abort();
    },
    close: () => input.destroy(),
  };
}

function messageOf(text: string): { type: string; text: string } {
  try {
    const value: unknown = JSON.parse(text);
    const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
    const { type, text: words } = fields;
    return { type: typeof type === 'string' ? type : 'unknown', text: typeof words === 'string' ? words : '' };
  } catch {
    return { type: 'unknown', text };
  }
}
