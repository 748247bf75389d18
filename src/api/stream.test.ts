import { expect, test } from 'vitest';
import type { Event } from '../core/event.ts';
import { limits } from '../core/limits.ts';
import { openStreams, type Streams } from './stream.ts';

/** A log of events that are 10 kB each. */
function longLog(length: number): { streams: Streams; add: () => void } {
  const log = Array.from({ length }, (_, index) => eventAt(index + 1));
  const streams = openStreams({
    store: {
      events: async ({ since, limit = Number.POSITIVE_INFINITY }) =>
        log.filter(({ seq }) => seq > since).slice(0, limit),
      lastSeq: async () => log.length,
      watch: () => ({ [Symbol.dispose]: () => undefined }),
    },
    pulse: async () => '{}',
    log: () => undefined,
  });
  return { streams, add: () => void log.push(eventAt(log.length + 1)) };
}

function eventAt(seq: number): Event {
  const body = { type: 'shutdown-asked', why: 'x'.repeat(10_000) } as const;
  return { seq, at: 0, actor: 'person', actorSeq: seq, plan: null, task: null, attempt: null, body, hash: '' };
}

async function idsIn(stream: ReadableStream<Uint8Array>): Promise<number[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of stream) text += decoder.decode(part, { stream: true });
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}

test('C3 the end of the server tells each client what is left to tell', async () => {
  const { streams, add } = longLog(3);
  const stream = await streams.open(0, () => undefined);
  const read = idsIn(stream);
  add();
  await streams[Symbol.asyncDispose]();
  expect(await read).toEqual([1, 2, 3, 4]);
});

test('C3 whoever reads gets a log that is longer than what may wait for a client, in one piece', async () => {
  const length = Math.ceil((3 * limits.apiStreamBacklogBytesMax) / 10_000);
  const { streams } = longLog(length);
  let isCut = false;
  const read = idsIn(await streams.open(0, () => (isCut = true)));
  await streams[Symbol.asyncDispose]();
  expect(await read).toEqual(Array.from({ length }, (_, index) => index + 1));
  expect(isCut).toBe(false);
});

test('whoever reads nothing is cut off, and nothing is kept for them', async () => {
  const { streams, add } = longLog(0);
  const cut = Promise.withResolvers<void>();
  await streams.open(0, () => cut.resolve());
  const writing = setInterval(() => {
    for (let index = 0; index < 600; index += 1) add();
  }, 10);
  await cut.promise;
  clearInterval(writing);
  expect(streams.size).toBe(0);
  await streams[Symbol.asyncDispose]();
});
