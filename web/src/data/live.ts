/**
 * Keeps the page's answers true to the server: events make them old, in batches, and what is shown is asked again.
 *
 * Also knows how fresh all that is, and says so: a page that shows yesterday's state as today's is worse than none.
 */
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Agent, Event } from '../../../src/api/contract.ts';
import { collect, pace } from './batch.ts';
import { keys } from './keys.ts';
import { mergePulse } from './pulse.ts';
import { listen, type Heard } from './stream.ts';
import { touchedBy } from './touched.ts';

/** How long events are collected, in milliseconds: under what an eye notices, over what a busy run needs to be one redraw. */
const BATCH_MS = 75;
/** A timer that comes so much later than asked tells of a machine or a tab that slept, in milliseconds. */
const SLEPT_MS = 30_000;
const TICK_MS = 5_000;

export interface Line {
  /** `undefined`: not yet known. */
  readonly up: boolean | undefined;
  /** When something was last heard from the server, in milliseconds since 1970. */
  readonly heardAt: number;
}

let line: Line = { up: undefined, heardAt: Date.now() };
const lineListeners = new Set<() => void>();
const eventListeners = new Set<(events: readonly Event[]) => void>();

/** Starts listening for `client`; answers what ends it. */
export function keepLive(client: QueryClient): () => void {
  const ended = new AbortController();
  const again = pace(
    (key) => client.invalidateQueries({ queryKey: JSON.parse(key) as unknown[] }, { cancelRefetch: false }),
    // What takes long is asked for seldom: at most a fifth of the time.
    (tookMs) => Math.max(200, 4 * tookMs),
  );
  const batch = collect<Event>((events) => {
    for (const touched of touchedBy(events)) again(JSON.stringify(touched));
    for (const listener of eventListeners) listener(events);
  }, BATCH_MS);
  const takeAnew = (): void => void client.invalidateQueries({ refetchType: 'active' });
  const hear = (heard: Heard): void => {
    if (heard.kind === 'events') batch.add(heard.events);
    else if (heard.kind === 'pulse') {
      const known = client.getQueryData<{ items: readonly Agent[] }>(keys.agents)?.items;
      const merged = known === undefined ? undefined : mergePulse(known, heard.pulse.agents);
      if (merged === undefined) again(JSON.stringify(keys.agents));
      else client.setQueryData(keys.agents, { items: merged });
    } else if (heard.kind === 'reset') takeAnew();
    else if (heard.kind === 'line') setLine({ up: heard.up, heardAt: heard.up ? heard.at : line.heardAt });
  };
  listen(hear, ended.signal);
  let ticked = Date.now();
  let slept = false;
  const look = (): void => {
    if (!slept || document.visibilityState !== 'visible') return;
    slept = false;
    takeAnew();
  };
  document.addEventListener('visibilitychange', look, { signal: ended.signal });
  const timer = setInterval(() => {
    slept ||= Date.now() - ticked > SLEPT_MS;
    look();
    ticked = Date.now();
  }, TICK_MS);
  return () => (clearInterval(timer), ended.abort());
}

/** Whether the server is heard, and since when not. */
export function useLine(): Line {
  return useSyncExternalStore(
    (listener) => (lineListeners.add(listener), () => lineListeners.delete(listener)),
    () => line,
  );
}

/** Hears every event of the log from now on, in batches; answers what ends it. */
export function onEvents(listener: (events: readonly Event[]) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

function setLine(next: Line): void {
  // Redrawn for a change, not for each heartbeat: the age is shown only while the line is down.
  const changed = next.up !== line.up;
  if (changed) line = next;
  else Object.assign(line, next);
  if (changed) for (const listener of lineListeners) listener();
}
