/**
 * The event stream: everything that changes, in order, for as many as look.
 *
 * Owns one look at the log for all streams. Each event goes out with its number as the id, so that a client that comes back says what
 * it saw last (`Last-Event-ID`) and gets the rest without a gap or a repeat (C3). A client that reads too slowly is ended, never
 * waited for. How agents look is pushed besides, undated by the log: it is volatile.
 * Format: https://html.spec.whatwg.org/multipage/server-sent-events.html.
 */
import { viewEvent } from '../actions/list-events.ts';
import { limits } from '../core/limits.ts';
import type { Store } from '../store/store.ts';
import { RequestError } from './problem.ts';

/** Its end tells each client what is left to tell: the end of a run is what people wait for. */
export interface Streams extends AsyncDisposable {
  /**
   * Starts telling of what comes after `since`; ends when it is cancelled. Throws `RequestError` `too-many-streams`.
   * @param cut ends the connection at once, for one that reads nothing will not see the stream's end either.
   */
  open(since: number | null, cut: () => void): Promise<ReadableStream<Uint8Array>>;
  readonly size: number;
}

export interface StreamsOrder {
  store: Pick<Store, 'events' | 'lastSeq' | 'watch'>;
  /** How agents look now, as JSON. */
  pulse: () => Promise<string>;
  log: (line: string) => void;
}

interface Client {
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** The last event that it was sent. */
  seq: number;
  cut: () => void;
}

/** Events read at once. */
const pageSize = 500;
/** The doorbell is a hint; this look is the promise. */
const lookMs = 1_000;

export function openStreams(order: StreamsOrder): Streams {
  const clients = new Set<Client>();
  const over = new AbortController();
  const bell = { ring: (): void => undefined };
  const watching = order.store.watch(() => bell.ring());
  const telling = tell(order, { clients, bell, over: over.signal });
  return {
    get size() {
      return clients.size;
    },
    async open(since, cut) {
      if (clients.size >= limits.apiStreamsMax) {
        throw new RequestError('too-many-streams', `${clients.size} event streams are open`, {
          hint: 'close some tabs; all tabs of one browser share one stream',
          headers: { 'Retry-After': '5' },
        });
      }
      const last = await order.store.lastSeq();
      // Another store than the client knew: nothing that it has can be mended.
      const isForeign = since !== null && since > last;
      const hello = `retry: 1000\n\n${isForeign ? frame('reset', '{}', last) : ''}`;
      const seq = since === null || isForeign ? last : since;
      return streamFor(clients, { seq, hello, cut, ring: () => bell.ring() });
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      watching[Symbol.dispose]();
      bell.ring();
      await telling;
      for (const { controller } of clients) end(controller);
      clients.clear();
    },
  };
}

function streamFor(
  clients: Set<Client>,
  { seq, hello, cut, ring }: { seq: number; hello: string; cut: () => void; ring: () => void },
): ReadableStream<Uint8Array> {
  let client: Client | null = null;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        client = { controller, seq, cut };
        clients.add(client);
        send(clients, client, hello);
        ring();
      },
      // It has read all that it was sent, and there may be more.
      pull: ring,
      cancel() {
        if (client !== null) clients.delete(client);
      },
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );
}

interface Told {
  clients: Set<Client>;
  bell: { ring: () => void };
  over: AbortSignal;
}

/** The one look at the log for all of them, until it is over. */
async function tell({ store, pulse, log }: StreamsOrder, { clients, bell, over }: Told): Promise<void> {
  let [beatAt, pulseAt, told] = [0, 0, ''];
  const sendAll = (text: string): void => {
    for (const client of clients) send(clients, client, text);
  };
  for (;;) {
    const isLast = over.aborted;
    const rung = new Promise<void>((resolve) => (bell.ring = resolve));
    try {
      for (const client of clients) await catchUp(store, clients, client);
      const now = performance.now();
      if (clients.size > 0 && now - pulseAt >= limits.apiPulseMs) {
        pulseAt = now;
        const text = await pulse();
        if (text !== told) sendAll(frame('pulse', text, null));
        told = text;
      }
      if (now - beatAt >= limits.apiStreamHeartbeatMs) {
        beatAt = now;
        sendAll(': alive\n\n');
      }
    } catch (error) {
      log(`the event stream could not look: ${String(error)}`);
    }
    if (isLast) return;
    // These keep the process alive: whoever ends the streams waits for this loop.
    const look = setTimeout(() => bell.ring(), lookMs);
    await rung;
    clearTimeout(look);
    await pause(limits.apiStreamBatchMs);
  }
}

/** As far as it keeps up: one that comes back to a long log is not taken for one that never reads. */
async function catchUp(store: StreamsOrder['store'], clients: Set<Client>, client: Client): Promise<void> {
  while (backlogOf(client) < limits.apiStreamBacklogBytesMax / 2) {
    const events = await store.events({ since: client.seq, limit: pageSize });
    if (events.length === 0 || !clients.has(client)) return;
    client.seq = events.at(-1)?.seq ?? client.seq;
    send(clients, client, events.map((event) => frame('log', JSON.stringify(viewEvent(event)), event.seq)).join(''));
    if (events.length < pageSize) return;
  }
}

/** One who reads too slowly is cut off, and what waits for it is let go of: it comes back and goes on from its last event. */
function send(clients: Set<Client>, client: Client, text: string): void {
  const { controller, cut } = client;
  try {
    if (backlogOf(client) > limits.apiStreamBacklogBytesMax) throw new Error('this client reads too slowly');
    controller.enqueue(encoder.encode(text));
  } catch {
    clients.delete(client);
    end(controller);
    cut();
  }
}

/** Bytes that were sent and not read. */
function backlogOf({ controller }: Client): number {
  return -(controller.desiredSize ?? 0);
}

/** Answers `GET /api/stream`. */
export async function eventStream(streams: Streams, request: Request, cut: () => void): Promise<Response> {
  const shown = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('since');
  if (shown !== null && !/^\d{1,15}$/.test(shown)) {
    throw new RequestError('bad-request', 'Last-Event-ID is the number of an event', {
      hint: 'leave it out to begin now',
    });
  }
  const body = await streams.open(shown === null ? null : Number(shown), cut);
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  });
}

function frame(event: string, data: string, id: number | null): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}

const encoder = new TextEncoder();

function end(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch {
    // It is closed.
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => void setTimeout(resolve, ms));
}
