/**
 * The stream of events, one for all tabs: browsers allow six connections to a server, and the seventh tab would hang.
 *
 * A lock of the browser chooses the tab that holds the connection; it passes what it hears on to the others as it comes, and when
 * it goes, another takes over where it was. A body that is read, not an `EventSource`, as that hides the heartbeats: only they tell
 * a quiet server from a dead line.
 */
import type { z } from 'zod';
import type { Event } from '../../../src/api/contract.ts';
import type { pulse } from '../../../src/api/contract/views.ts';
import { readSse, type SseMessage } from './sse.ts';

export type Pulse = z.infer<typeof pulse>;

export type Heard =
  | { readonly kind: 'events'; readonly events: readonly Event[] }
  | { readonly kind: 'pulse'; readonly pulse: Pulse }
  | { readonly kind: 'reset' }
  | { readonly kind: 'line'; readonly up: boolean; readonly at: number; readonly last: string }
  | { readonly kind: 'who' };

/** Silence after which the line counts as dead, in milliseconds: three heartbeats of 15 s. */
const SILENT_MS = 45_000;
/** How often silence is looked for, in milliseconds. */
const LOOK_MS = 5_000;
/** Waits between attempts to connect, in milliseconds: soon at first, as a server that restarts is back within a second. */
const WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000];

const NAME = 'orbit-stream';

/** Listens until `signal` aborts. `tell` hears everything, in whichever tab the connection is. */
export function listen(tell: (heard: Heard) => void, signal: AbortSignal): void {
  const channel = new BroadcastChannel(NAME);
  let line: Heard | undefined;
  let last = '';
  let holds = false;
  channel.addEventListener('message', ({ data }: MessageEvent<Heard>) => {
    if (data.kind === 'who') {
      if (holds && line !== undefined) channel.postMessage(line);
      return;
    }
    if (data.kind === 'line') last = data.last;
    tell(data);
  });
  signal.addEventListener('abort', () => channel.close());
  const spread = (heard: Heard): void => {
    if (signal.aborted) return;
    if (heard.kind === 'line') line = heard;
    channel.postMessage(heard);
    tell(heard);
  };
  const hold = async (): Promise<void> => {
    holds = true;
    await keepConnected(spread, last, signal);
  };
  // Without locks (an address that is neither loopback nor https) each tab has a connection of its own.
  if (navigator.locks === undefined) void hold();
  else void navigator.locks.request(NAME, { signal }, hold).catch(() => undefined);
  channel.postMessage({ kind: 'who' } satisfies Heard);
}

async function keepConnected(spread: (heard: Heard) => void, from: string, signal: AbortSignal): Promise<void> {
  const place = { last: from };
  for (let failures = 0; !signal.aborted; failures += 1) {
    const connected = await readOnce(spread, place, signal);
    if (connected) failures = 0;
    spread({ kind: 'line', up: false, at: Date.now(), last: place.last });
    await waitUnless(signal, WAITS_MS[Math.min(failures, WAITS_MS.length - 1)] ?? 10_000);
  }
}

/** Reads one connection to its end; answers whether there was one. */
async function readOnce(
  spread: (heard: Heard) => void,
  place: { last: string },
  signal: AbortSignal,
): Promise<boolean> {
  const dead = new AbortController();
  let heardAt = Date.now();
  // By the clock on the wall: it goes on while the machine sleeps, and a line from before that is most likely dead.
  const watch = setInterval(() => Date.now() - heardAt > SILENT_MS && dead.abort(), LOOK_MS);
  let connected = false;
  try {
    const response = await fetch('/api/stream', {
      headers: { accept: 'text/event-stream', ...(place.last === '' ? {} : { 'last-event-id': place.last }) },
      signal: AbortSignal.any([signal, dead.signal]),
    });
    if (response.status === 410) place.last = '';
    if (!response.ok || response.body === null) return false;
    connected = true;
    const parse = readSse();
    // What happened before the connection, or while there was none, is taken anew; so is all when the server cannot go on.
    if (place.last === '') spread({ kind: 'reset' });
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      heardAt = Date.now();
      pass(parse(text), spread, place);
      spread({ kind: 'line', up: true, at: Date.now(), last: place.last });
    }
  } catch {
    // The line broke; the loop above tries again.
  } finally {
    clearInterval(watch);
  }
  return connected;
}

function pass(messages: readonly SseMessage[], spread: (heard: Heard) => void, place: { last: string }): void {
  let events: Event[] = [];
  const sendEvents = (): void => {
    if (events.length > 0) spread({ kind: 'events', events });
    events = [];
  };
  for (const { event, id, data } of messages) {
    if (id !== '') place.last = id;
    if (event === 'log') events.push(JSON.parse(data) as Event);
    else if (event === 'pulse') spread({ kind: 'pulse', pulse: JSON.parse(data) as Pulse });
    else if (event === 'reset') {
      sendEvents();
      spread({ kind: 'reset' });
    }
  }
  sendEvents();
}

function waitUnless(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
