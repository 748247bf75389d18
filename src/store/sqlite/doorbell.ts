/**
 * The doorbell: a file beside the database that every commit touches, so that other processes look sooner.
 *
 * Owns that file. A ring is a hint: it may be lost, doubled or late, and no error of it reaches a caller.
 */
import { closeSync, openSync, realpathSync, utimesSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';

export class Doorbell {
  readonly #database: string;
  readonly #listeners = new Set<() => void>();
  #path: string | null = null;
  #watcher: FSWatcher | null = null;

  /** @param database path of the database file; processes that reach it through links share one doorbell. */
  constructor(database: string) {
    this.#database = database;
  }

  /** One system call: a change of times wakes watchers as a write does. */
  ring(): void {
    const now = Date.now() / 1_000;
    try {
      utimesSync(this.#file(), now, now);
    } catch {
      this.#create();
    }
  }

  listen(onRing: () => void): Disposable {
    const listener = () => onRing();
    this.#listeners.add(listener);
    this.#watcher ??= this.#watch();
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.close();
      },
    };
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  #watch(): FSWatcher | null {
    this.#create();
    try {
      const watcher = watch(this.#file(), { persistent: false }, () => {
        for (const listener of this.#listeners) listener();
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return null;
    }
  }

  #create(): void {
    try {
      closeSync(openSync(this.#file(), 'a'));
    } catch {
      // A read-only directory: readers look by themselves now and then.
    }
  }

  #file(): string {
    this.#path ??= join(dirname(realpathSync.native(this.#database)), 'doorbell');
    return this.#path;
  }
}
