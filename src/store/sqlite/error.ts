/** Owns the translation of what SQLite complains about into the port's errors: what happened, to which file, what to do. */
import { OperationalError } from '../../platform/error.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const code = {
  perm: 3,
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  auth: 23,
  notDatabase: 26,
} as const;

/** The primary result code of an error of SQLite, 0 for any other error. */
function resultCode(error: unknown): number {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}

export function isBusy(error: unknown): boolean {
  const found = resultCode(error);
  return found === code.busy || found === code.locked;
}

export function cannotOpen(error: unknown): boolean {
  return resultCode(error) === code.cannotOpen;
}

/** The error to throw for `error`, which came up while using the database at `path`; other errors come back as they are. */
export function storeError(error: unknown, path: string, busyMs: number): unknown {
  const text = error instanceof Error ? error.message : String(error);
  switch (resultCode(error)) {
    case code.busy:
    case code.locked:
      return new OperationalError('store-busy', `the store ${path} was locked by others for ${busyMs} ms`, {
        hint: 'try again; if it stays so, look for a program that holds the file open in a transaction',
        retryable: true,
        cause: error,
      });
    case code.full:
      return new OperationalError('store-full', `the store ${path} cannot grow: ${text}`, {
        hint: 'free space on its disk; nothing was changed, and work goes on by itself afterwards',
        retryable: true,
        cause: error,
      });
    case code.readOnly:
    case code.perm:
    case code.auth:
      return new OperationalError('store-read-only', `the store ${path} cannot be written: ${text}`, {
        hint: 'the file and its directory must belong to, or be writable for, the user who runs Orbit',
        cause: error,
      });
    case code.corrupt:
    case code.notDatabase:
      return new OperationalError('store-damaged', `the store ${path} is not a whole SQLite database: ${text}`, {
        hint: 'stop Orbit, keep a copy of the file, and restore a backup or run orbit doctor',
        cause: error,
      });
    case code.cannotOpen:
    case code.ioError:
    case code.noMemory:
      return new OperationalError('store-unavailable', `the store ${path} cannot be opened or read: ${text}`, {
        hint: 'check that the path exists, is a file, and is readable and writable for the user who runs Orbit',
        retryable: resultCode(error) !== code.cannotOpen,
        cause: error,
      });
    default:
      return error;
  }
}
