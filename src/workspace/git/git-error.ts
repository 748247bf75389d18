/** What a failed run of git means: one reading of its messages (always English: LC_ALL=C) for all callers. */
import { OperationalError } from '../../platform/error.ts';

interface FailedRun {
  exitCode: number;
  stderr: string;
  /** Why the run was ended or never started, `null` if git itself gave up. */
  fault: string | null;
}

/** The error for a run that did not give an accepted answer. */
export function gitError(args: readonly string[], run: FailedRun): OperationalError {
  const what = `git ${describe(args)}`;
  const said = run.fault ?? (tail(run.stderr) || `exit code ${run.exitCode}`);
  const message = `${what} failed: ${said}`;
  if (run.fault !== null) {
    return new OperationalError('git-failed', message, {
      hint: 'Try again; look at the load and the disk.',
      retryable: true,
    });
  }
  if (isLockContention(run.stderr)) {
    const hint =
      'Another git is at work, or one was killed here. If none runs, remove the lock file that the message names.';
    return new OperationalError('git-locked', message, { hint, retryable: true });
  }
  // Of a file that it could create and not fill, a checkout says no more than that.
  if (/No space left on device|Disk quota exceeded|unable to write file /.test(run.stderr)) {
    return new OperationalError('disk-full', message, {
      hint: 'Free some disk space, then try again.',
      retryable: true,
    });
  }
  if (/dubious ownership/.test(run.stderr)) {
    const hint =
      'The repository belongs to another user. If you trust it: git config --global --add safe.directory <its path>.';
    return new OperationalError('git-failed', message, { hint });
  }
  // Nothing here talks to another machine: a remote end that hung up was a filter's program.
  if (/(?:smudge|clean|external) filter|subprocess '.*' failed|the remote end hung up/.test(run.stderr)) {
    const hint =
      'Install the program of the filter (for filter.lfs: git-lfs), or unset the filter in your git settings.';
    return new OperationalError('git-failed', message, { hint });
  }
  if (/promisor remote|lazy fetching/.test(run.stderr)) {
    const hint =
      'The repository is a partial clone, and Orbit talks to no remote: git fetch --refetch --no-filter completes it.';
    return new OperationalError('git-failed', message, { hint });
  }
  return new OperationalError('git-failed', message, { hint: 'See what git says; `git fsck` finds damage.' });
}

/** Runs something that writes files; a full disk is told as the error `disk-full`, which passes. */
export async function namingFullDisk<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    const hint = 'Free some disk space, then try again.';
    throw new OperationalError('disk-full', message, { hint, retryable: true, cause: error });
  }
}

/** Another process holds one of git's own lock files. */
function isLockContention(stderr: string): boolean {
  return /Unable to create '[^']*\.lock': File exists|could not lock config file/i.test(stderr);
}

/** A ref was not at the old value that a transaction named; nothing was moved. */
export function isRefusedMove(stderr: string): boolean {
  return /cannot lock ref '[^']*': (is at [0-9a-f]+ but expected|reference is missing but expected|reference already exists|unable to resolve reference)/.test(
    stderr,
  );
}

/** The command line without control characters, short enough for one line of a log. */
function describe(args: readonly string[]): string {
  const line = printable(args.join(' '));
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function tail(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return printable(lines.slice(0, 6).join('; ')).slice(-600);
}

/** Paths and refs come from agents: no control character of theirs reaches a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}
