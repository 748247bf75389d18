/** What a forge's refusal means: one reading of statuses and rate limits for all forges. */
import { limits } from '../core/limits.ts';
import { OperationalError } from '../platform/error.ts';

export interface Refusal {
  status: number;
  /** The forge's own words, cleaned; may be empty. */
  said: string;
  /** Of the call, without its query. */
  path: string;
}

/** @param rest until when the forge wants to be left alone, in milliseconds since 1970; `null` where it does not say so. */
export function answerError({ status, said, path }: Refusal, rest: number | null): OperationalError {
  const words = said === '' ? '' : `: ${said}`;
  if (status === 429 || (status === 403 && rest !== null)) {
    const until = rest === null ? 'soon' : `after ${new Date(rest).toISOString()}`;
    return new OperationalError('forge-busy', `the forge limits how often it is asked (${status} at ${path}${words})`, {
      hint: `it is asked again ${until}`,
      retryable: true,
    });
  }
  if (status === 401 || status === 403) {
    return new OperationalError('forge-denied', `the forge refuses the token (${status} at ${path}${words})`, {
      hint: 'give a token that may read and write pull requests and push; docs/forges.md names the scopes',
    });
  }
  if (status === 404) {
    return new OperationalError('forge-not-found', `the forge has nothing at ${path}, or hides it from this token`, {
      hint: 'look at forge.repository, and at what the token may see',
    });
  }
  if (status >= 500 || status === 408 || status === 425) {
    return new OperationalError('forge-unavailable', `the forge fails (${status} at ${path}${words})`, {
      hint: 'it is tried again',
      retryable: true,
    });
  }
  return new OperationalError('forge-refused', `the forge refuses it (${status} at ${path}${words})`, {
    hint: 'what it says is in the message; look at the pull request on the forge',
    retryable: status === 409,
  });
}

/** An answer that is not what the forge's interface promises. */
export function failed(what: string): OperationalError {
  return new OperationalError('forge-failed', `the forge answers oddly: ${what}`, {
    hint: 'look at forge.url and forge.kind: is that the REST interface of such a forge?',
  });
}

/** Until when a forge wants to be left alone by this answer, in milliseconds since 1970, or `null`. */
export function rateEnd(status: number, headers: Headers, now: number): number | null {
  const isLimit = status === 429 || status === 403;
  const after = isLimit ? headers.get('retry-after') : null;
  if (after !== null) return bounded(afterMs(after, now), now);
  const remaining = headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining');
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? Number.NaN);
  if (remaining === '0') return bounded(Number.isFinite(reset) ? reset * 1_000 : now + limits.forgeRestMs, now);
  return status === 429 ? now + limits.forgeRestMs : null;
}

function afterMs(text: string, now: number): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return now + seconds * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? now + limits.forgeRestMs : date;
}

/** A forge whose clock is wrong must not silence Orbit for a day. */
function bounded(until: number, now: number): number {
  return Math.min(Math.max(until, now), now + limits.forgeRestMsMax);
}
