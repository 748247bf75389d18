/**
 * From what happened to an exit code and a sentence: the command line's one mapping of errors.
 *
 * Codes: 0 done, 1 the world is wrong, 2 the caller is wrong, 3 the domain says no, 4 something needs a person (`orbit run`),
 * 70 a bug of Orbit, 130 interrupted.
 */
import type { Rejection } from '../core/rejection.ts';
import { OperationalError, UsageError } from '../platform/error.ts';
import { version } from '../platform/version.ts';

export interface Failure {
  exitCode: number;
  code: string;
  message: string;
  hint: string;
  /** Further lines for a bug's report. */
  report: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError)
    return { exitCode: 2, code: error.code, message: error.message, hint: error.hint, report: '' };
  if (error instanceof OperationalError) {
    return { exitCode: 1, code: error.code, message: error.message, hint: error.hint, report: '' };
  }
  if (isSystemError(error)) return systemFailure(error);
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  return {
    exitCode: 70,
    code: 'bug',
    message: `this is a bug in Orbit: ${message}`,
    hint: 'please report it with the lines below; nothing was changed after the last answer',
    report: `orbit ${version}, node ${process.version}, ${process.platform} ${process.arch}\n${stack ?? ''}\n`,
  };
}

/** What the operating system refused somewhere on the way is the world's fault, not ours. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return (
    syscall !== undefined &&
    code !== undefined &&
    /^E(ACCES|PERM|ROFS|NOSPC|DQUOT|MFILE|NFILE|IO|NOTDIR|ISDIR|LOOP|NAMETOOLONG|STALE|BUSY|XDEV|FBIG)$/.test(code)
  );
}

function systemFailure({ code, message, path }: NodeJS.ErrnoException): Failure {
  // Orbit's own names are short: this one came from the caller.
  if (code === 'ENAMETOOLONG') {
    const told = `no file can have so long a name: ${path ?? message}`;
    return { exitCode: 2, code: 'file-not-found', message: told, hint: 'give a shorter path', report: '' };
  }
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  const hint = full ? 'free some disk space and try again' : 'look at the rights and the owner of that path';
  return { exitCode: 1, code: full ? 'disk-full' : 'file-unwritable', message, hint, report: '' };
}

export function rejectionFailure({ code, message, hint }: Rejection): Failure {
  return { exitCode: 3, code, message, hint, report: '' };
}
