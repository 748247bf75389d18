/** A time as how long ago it is, with the date behind it. One clock redraws them all. */
import { useSyncExternalStore, type ReactElement } from 'react';
import { ago, span } from './time.ts';

const TICK_MS = 5_000;
let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, TICK_MS);

/** The page's clock, in milliseconds since 1970; it goes every five seconds. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    () => now,
  );
}

export function Ago({ at }: { at: string }): ReactElement {
  const text = ago(at, useNow());
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

/** How long something took, or lasts if it has no end. */
export function Lasted({ from, to }: { from: string; to?: string | null }): ReactElement {
  const clock = useNow();
  const end = to === undefined || to === null ? clock : Date.parse(to);
  return <time title={new Date(from).toLocaleString()}>{span(end - Date.parse(from))}</time>;
}
