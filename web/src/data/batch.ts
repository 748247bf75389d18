/** Collects what arrives in bursts, so that the page is drawn once for many events. Pure but for the timer it is given. */

export interface Batch<Item> {
  readonly add: (items: readonly Item[]) => void;
  /** Hands out at once what is there. */
  readonly flush: () => void;
}

type Later = (run: () => void, ms: number) => unknown;

/** Hands items to `take` together, `ms` milliseconds after the first of them came. */
export function collect<Item>(take: (items: Item[]) => void, ms: number, later: Later = setTimeout): Batch<Item> {
  let waiting: Item[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    take(items);
  };
  return {
    add: (items) => {
      if (items.length === 0) return;
      if (waiting.length === 0) later(flush, ms);
      waiting.push(...items);
    },
    flush,
  };
}

/**
 * Keeps what is expensive from being done again and again: runs `work` for a key at once, and while it lasts, and `restMs` of
 * rest after it, remembers that it was asked for again and then runs it once more.
 */
export function pace(
  work: (key: string) => Promise<unknown>,
  restMs: (tookMs: number) => number,
  later: Later = setTimeout,
): (key: string) => void {
  const busy = new Map<string, boolean>();
  const start = async (key: string): Promise<void> => {
    busy.set(key, false);
    const began = performance.now();
    await work(key).catch(() => undefined);
    later(
      () => {
        const again = busy.get(key);
        busy.delete(key);
        if (again === true) void start(key);
      },
      restMs(performance.now() - began),
    );
  };
  return (key) => {
    if (busy.has(key)) busy.set(key, true);
    else void start(key);
  };
}
