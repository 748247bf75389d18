/**
 * Errors that are thrown: usage, operational, bug. (Rejections are returned values, see `core/rejection.ts`.)
 *
 * Owns the classes and the closed lists of codes; `docs/errors.md` has a line for each code, and a test compares them.
 */

export type UsageCode =
  | 'unknown-command'
  | 'bad-flag'
  | 'missing-argument'
  | 'bad-id'
  | 'unknown-module'
  | 'unknown-loop'
  | 'bad-loop'
  | 'bad-cursor'
  | 'unknown-task'
  | 'ambiguous-task'
  | 'unknown-plan'
  | 'unknown-agent'
  | 'unknown-attempt'
  | 'unknown-format'
  | 'bad-settings'
  | 'bad-plan'
  | 'bad-check'
  | 'file-not-found'
  | 'not-serving'
  | 'not-a-project'
  | 'not-a-repository'
  | 'no-commit-yet'
  | 'detached-head'
  | 'bare-repository';

/** The caller is wrong: exit code 2, HTTP 400 or 404. */
export class UsageError extends Error {
  readonly code: UsageCode;
  readonly hint: string;
  constructor(code: UsageCode, message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.code = code;
    this.hint = hint;
  }
}

export type OperationalCode =
  | 'store-unavailable'
  | 'store-busy'
  | 'store-full'
  | 'store-read-only'
  | 'store-too-new'
  | 'store-damaged'
  | 'sqlite-too-old'
  | 'node-too-old'
  | 'git-failed'
  | 'git-missing'
  | 'git-too-old'
  | 'git-locked'
  | 'workspace-failed'
  | 'workspace-unsafe'
  | 'no-port-free'
  | 'disk-full'
  | 'file-unwritable'
  | 'agent-not-startable'
  | 'set-up-failed'
  | 'runner-failed'
  | 'run-failed'
  | 'forge-denied'
  | 'forge-not-found'
  | 'forge-refused'
  | 'forge-busy'
  | 'forge-unavailable'
  | 'forge-failed';

/** The world is wrong: exit code 1, HTTP 502 or 503. */
export class OperationalError extends Error {
  readonly code: OperationalCode;
  readonly hint: string;
  readonly retryable: boolean;
  constructor(code: OperationalCode, message: string, options: { hint: string; retryable?: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OperationalError';
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }
}

/** We are wrong: exit code 70, HTTP 500. Thrown by {@link assert}, caught only at the edge of the process. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Programmer errors only; what the world does is handled, not asserted. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}
