/**
 * One connection to a SQLite file: settings, prepared statements, transactions.
 *
 * Owns how Orbit uses SQLite. Every writing transaction is `BEGIN IMMEDIATE`: a deferred one that turns writer fails with
 * a busy snapshot that no time limit waits out. Statements are prepared on first use, since a short-lived process needs five.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Doorbell } from './doorbell.ts';
import { isBusy, storeError } from './error.ts';

/**
 * `normal`: survives the end of every process, may be lost with the machine's power. `full`: on the disk when it returns.
 */
export type Durability = 'normal' | 'full';

export interface DatabaseOptions {
  path: string;
  readOnly: boolean;
  /** How long a statement waits for other processes. */
  busyMs: number;
}

/** A row as read; the caller knows its columns. */
export type Row = Record<string, SQLInputValue>;

export class Database {
  readonly path: string;
  readonly doorbell: Doorbell;
  readonly busyMs: number;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #durability: Durability | null = null;
  #hasWritten = false;

  /** Throws what SQLite throws; `open.ts` translates. */
  constructor({ path, readOnly, busyMs }: DatabaseOptions) {
    this.path = path;
    this.busyMs = busyMs;
    this.#connection = new DatabaseSync(path, { readOnly, timeout: busyMs });
    this.doorbell = new Doorbell(path);
  }

  /** Rows of a query, at most a few thousand; for more use {@link each}. */
  all<R = Row>(sql: string, ...values: SQLInputValue[]): R[] {
    return this.#translating(() => this.#statement(sql).all(...values)) as R[];
  }

  /** The first row, or `undefined`. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it asks for
  get<R = Row>(sql: string, ...values: SQLInputValue[]): R | undefined {
    return this.#translating(() => this.#statement(sql).get(...values)) as R | undefined;
  }

  /** Rows one by one, without holding them all. One walk of a query at a time. */
  *each<R = Row>(sql: string, ...values: SQLInputValue[]): Generator<R> {
    const rows = this.#translating(() => this.#statement(sql).iterate(...values));
    try {
      for (;;) {
        const next = this.#translating(() => rows.next());
        if (next.done === true) return;
        yield next.value as R;
      }
    } finally {
      rows.return?.();
    }
  }

  /** Runs a changing statement; the number of rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    this.#hasWritten = true;
    return this.#translating(() => Number(this.#statement(sql).run(...values).changes));
  }

  /** Runs statements without values, such as pragmas and migrations. */
  script(sql: string): void {
    this.#translating(() => this.#connection.exec(sql));
  }

  /** Runs `work` wholly or not at all. Rings the doorbell if it wrote, unless it is done `quietly`. */
  transact<T>(how: { durability: Durability; quietly?: boolean }, work: () => T): T {
    this.#become(how.durability);
    this.#hasWritten = false;
    this.#translating(() => this.#statement('BEGIN IMMEDIATE').run());
    let result: T;
    try {
      result = work();
      this.#translating(() => this.#statement('COMMIT').run());
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
    if (this.#hasWritten && how.quietly !== true) this.doorbell.ring();
    return result;
  }

  /** Runs `work`, several reads, on one state of the database. */
  snapshot<T>(work: () => T): T {
    this.#translating(() => this.#statement('BEGIN').run());
    try {
      return work();
    } finally {
      if (this.#connection.isTransaction) this.#connection.exec('COMMIT');
    }
  }

  /**
   * Runs one changing statement in a transaction of its own without waiting inside SQLite: `null` if another process holds
   * the write lock. For callers that would rather wait in their own way.
   */
  tryRun(sql: string, ...values: SQLInputValue[]): number | null {
    this.#become('normal');
    this.#connection.exec('PRAGMA busy_timeout = 0');
    try {
      return Number(this.#statement(sql).run(...values).changes);
    } catch (error) {
      if (isBusy(error)) return null;
      throw storeError(error, this.path, this.busyMs);
    } finally {
      this.#connection.exec(`PRAGMA busy_timeout = ${this.busyMs}`);
    }
  }

  /** Before bulk work: up to 64 MiB of pages stay in memory (2 MiB otherwise), so that large indexes are not written twice. */
  holdMore(): void {
    this.script('PRAGMA cache_size = -65536');
  }

  close(): void {
    this.doorbell.close();
    if (this.#connection.isOpen) this.#connection.close();
  }

  /** SQLite takes the setting outside of transactions only. */
  #become(durability: Durability): void {
    if (this.#durability === durability) return;
    this.script(`PRAGMA synchronous = ${durability}`);
    this.#durability = durability;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #translating<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.path, this.busyMs);
    }
  }
}
