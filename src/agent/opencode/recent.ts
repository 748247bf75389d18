/** What was seen lately, in bounded memory: a session may run for days, and only its last steps can come a second time. */

/** Entries kept; a session's parts arrive again only after a break of the stream, a few dozen at a time. */
const recentMax = 4_096;

export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  entries(): IterableIterator<[string, Value]>;
  clear(): void;
}

export function recent<Value>(): Recent<Value> {
  const known = new Map<string, Value>();
  return {
    get: (key) => known.get(key),
    set(key, value): void {
      known.delete(key);
      known.set(key, value);
      if (known.size <= recentMax) return;
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    },
    delete: (key) => void known.delete(key),
    entries: () => known.entries(),
    clear: () => known.clear(),
  };
}
