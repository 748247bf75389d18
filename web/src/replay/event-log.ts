/**
 * The whole log in the page: read once in pages, then kept up by the events that arrive. Knows no React and no server.
 *
 * Owns that it has no gap: what does not continue the log is fetched from where it ended.
 */
import type { Event } from '../../../src/api/contract.ts';

export interface Logged {
  readonly events: readonly Event[];
  /** The last event that the server told of; more may still be on their way here. */
  readonly last: number;
  /** All up to `last` are here. */
  readonly complete: boolean;
  readonly error: unknown;
}

type FetchPage = (since: number) => Promise<{ events: readonly Event[]; last: number }>;

export class EventLog {
  #logged: Logged = { events: [], last: 0, complete: false, error: null };
  #loading = false;
  /** The newest event that arrived, be it taken or not. */
  #heard = 0;
  readonly #fetch: FetchPage;
  readonly #listeners = new Set<() => void>();

  constructor(fetchPage: FetchPage) {
    this.#fetch = fetchPage;
  }

  /** The same object until something changes. */
  now = (): Logged => this.#logged;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads on to the end; what fails is told, and tried again by the next call. */
  async load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      for (;;) {
        const { events, last } = await this.#fetch(this.#end());
        this.#take(events, last);
        if (events.length === 0 || (this.#logged.complete && this.#end() >= this.#heard)) return;
      }
    } catch (error) {
      this.#set({ ...this.#logged, error });
    } finally {
      this.#loading = false;
    }
  }

  /** Events that arrived; before the first reading they are nothing to begin with. */
  add(events: readonly Event[]): void {
    this.#heard = Math.max(this.#heard, events.at(-1)?.seq ?? 0);
    const { complete, events: known } = this.#logged;
    if (known.length === 0 && !complete) return;
    const next = this.#end() + 1;
    const fresh = events.filter(({ seq }) => seq >= next);
    if (fresh[0] === undefined) return;
    if (fresh[0].seq === next) this.#take(fresh, fresh.at(-1)?.seq ?? 0);
    else void this.load();
  }

  #take(events: readonly Event[], last: number): void {
    const before = this.#end();
    const all = [...this.#logged.events, ...events.filter(({ seq }) => seq > before)];
    const end = Math.max(last, this.#logged.last);
    this.#set({ events: all, last: end, complete: (all.at(-1)?.seq ?? 0) >= end, error: null });
  }

  /** The last event that is here; 0: none. */
  #end(): number {
    return this.#logged.events.at(-1)?.seq ?? 0;
  }

  #set(logged: Logged): void {
    this.#logged = logged;
    for (const listener of this.#listeners) listener();
  }
}
