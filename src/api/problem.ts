/**
 * What went wrong, as the API tells it: problem details (RFC 9457) with the codes of the list of errors.
 *
 * Owns which status belongs to which class of error. Invariant: nothing but a code, a message and a hint leaves the process; a
 * bug's stack goes to the log.
 */
import { isRejection, type Rejection } from '../core/rejection.ts';
import { OperationalError, UsageError } from '../platform/error.ts';

export type RequestCode =
  | 'bad-request'
  | 'unauthenticated'
  | 'not-allowed'
  | 'foreign-origin'
  | 'unknown-route'
  | 'wrong-method'
  | 'stale'
  | 'body-too-large'
  | 'not-json'
  | 'wrong-host'
  | 'key-reused'
  | 'too-many-requests'
  | 'too-many-streams';

const statuses: Readonly<Record<RequestCode, number>> = {
  'bad-request': 400,
  unauthenticated: 401,
  'not-allowed': 403,
  'foreign-origin': 403,
  'unknown-route': 404,
  'wrong-method': 405,
  stale: 412,
  'body-too-large': 413,
  'not-json': 415,
  'wrong-host': 421,
  'key-reused': 422,
  'too-many-requests': 429,
  'too-many-streams': 503,
};

export interface Fault {
  field: string;
  message: string;
}

/** The request cannot be answered as it is. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestCode;
  readonly hint: string;
  readonly faults: readonly Fault[];
  /** Headers that the answer needs, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: RequestCode,
    message: string,
    options: { hint: string; faults?: readonly Fault[]; headers?: Readonly<Record<string, string>> },
  ) {
    super(message);
    this.code = code;
    this.hint = options.hint;
    this.faults = options.faults ?? [];
    this.headers = options.headers ?? {};
  }
}

/** The caller's role may not do this. */
export function notAllowed(role: string, what: string): RequestError {
  const hint = role === 'attempt' ? 'ask a person: orbit block --question' : 'a person with full rights may';
  return new RequestError('not-allowed', `${role} may not call ${what}`, { hint });
}

/** Ids that are not there, against words that are wrong. */
const missing: ReadonlySet<string> = new Set([
  'unknown-task',
  'unknown-plan',
  'unknown-agent',
  'unknown-attempt',
  'file-not-found',
]);

/** What was thrown or refused, as an answer. @param log told of bugs. */
export function problemOf(error: unknown, log: (line: string) => void): Response {
  if (isRejection(error)) return problem(409, error);
  if (error instanceof RequestError) {
    const { code, message, hint, faults, headers } = error;
    return problem(statuses[code], { code, message, hint }, { faults, headers });
  }
  if (error instanceof UsageError) return problem(missing.has(error.code) ? 404 : 400, error);
  if (error instanceof OperationalError) {
    return problem(error.retryable ? 503 : 502, error, error.retryable ? { headers: { 'Retry-After': '1' } } : {});
  }
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const hint = 'the stack is in the log of orbit serve or orbit run; a report helps: what was asked, and that stack';
  return problem(500, { code: 'bug', message: 'this is a bug in Orbit', hint });
}

function problem(
  status: number,
  { code, message, hint }: Pick<Rejection, 'message' | 'hint'> & { code: string },
  { faults = [], headers = {} }: { faults?: readonly Fault[]; headers?: Readonly<Record<string, string>> } = {},
): Response {
  const title = code.replaceAll('-', ' ');
  const body = { type: `urn:orbit:error:${code}`, title, status, code, detail: message, hint };
  return new Response(JSON.stringify(faults.length === 0 ? body : { ...body, faults }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
  });
}
