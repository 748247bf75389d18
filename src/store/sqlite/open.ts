/**
 * Opens a SQLite store: checks the library, sets the connection up, brings the schema up to date.
 *
 * Owns everything that happens once per connection, and keeps it small: a short-lived process pays for it on every call.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { cannotOpen, isBusy, storeError } from './error.ts';
import { migrations } from './schema.ts';

/** @throws OperationalError `sqlite-too-old`, `store-too-new`, `store-damaged`, `store-unavailable`, `store-busy` … */
export function openDatabase(options: DatabaseOptions): Database {
  const { path, busyMs } = options;
  const database = connect(options);
  try {
    requireSafeSqlite(database);
    const version = schemaVersion(database);
    if (version > migrations.length) throw tooNew(path, version);
    if (version < migrations.length) migrate(database, options);
    return database;
  } catch (error) {
    database.close();
    throw storeError(error, path, busyMs);
  }
}

function connect(options: DatabaseOptions): Database {
  try {
    return new Database(options);
  } catch (error) {
    const failure = storeError(error, options.path, options.busyMs);
    if (options.readOnly || !cannotOpen(error)) throw failure;
    try {
      mkdirSync(dirname(options.path), { recursive: true });
      return new Database(options);
    } catch {
      throw failure;
    }
  }
}

/**
 * Several writers in WAL mode can corrupt the file with older libraries (https://sqlite.org/wal.html#walresetbug). The
 * library is asked itself, because distributions link their own into Node.
 */
function requireSafeSqlite(database: Database): void {
  const text = String(database.get<{ version: string }>('SELECT sqlite_version() AS version')?.version);
  const found = isSafeSqlite(text);
  if (found) return;
  throw new OperationalError('sqlite-too-old', `this Node.js uses SQLite ${text}, which can damage a shared database`, {
    hint: 'use Node.js 24.15 or later as released by nodejs.org (SQLite 3.51.3 or later)',
  });
}

/** 3.51.3 and later, and the releases that the fix was carried back to: 3.50.7 and 3.44.6 with what follows in their lines. */
export function isSafeSqlite(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3 || minor > 51) return major >= 3;
  const fixed: Readonly<Record<number, number>> = { 51: 3, 50: 7, 44: 6 };
  return patch >= (fixed[minor] ?? Number.POSITIVE_INFINITY);
}

function schemaVersion(database: Database): number {
  return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

function tooNew(path: string, version: number): OperationalError {
  const message = `the store ${path} has version ${version}, this program knows versions up to ${migrations.length}`;
  return new OperationalError('store-too-new', message, { hint: 'update Orbit to the version that wrote it' });
}

/** Many processes may open a new file at once: one migrates, the others wait for it and find nothing left to do. */
function migrate(database: Database, { path, readOnly, busyMs }: DatabaseOptions): void {
  if (readOnly) {
    throw new OperationalError('store-unavailable', `the store ${path} is older than this program or empty`, {
      hint: 'run any orbit command once as a user who may write it',
    });
  }
  enterWal(database, busyMs);
  database.transact({ durability: 'full', quietly: true }, () => {
    const version = schemaVersion(database);
    if (version > migrations.length) throw tooNew(path, version);
    for (const migration of migrations.slice(version)) database.script(migration);
    database.script(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** The file stays in WAL mode from then on. SQLite's own waiting does not cover this switch, hence the loop. */
function enterWal(database: Database, busyMs: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const pauseMs = 5;
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      database.script('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const isLocked = error instanceof OperationalError && isBusy(error.cause);
      if (!isLocked || waitedMs >= busyMs) throw error;
      Atomics.wait(pause, 0, 0, pauseMs);
    }
  }
}
