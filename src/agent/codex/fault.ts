/**
 * Errors of Codex and of the model's service as events: which class they are, and whether anything follows.
 *
 * Codex tries again by itself (up to five times, the waits doubling; after a 429 as long as the service asked for, which it does
 * not tell) and then ends the turn. It tries again after a 401, too: that is final here at once, because a key does not mend
 * itself. Classes come from its own word (`codexErrorInfo`), then from the status, then from the text: the one-shot stream has
 * nothing but text.
 */
import type { AgentErrorClass, AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, textIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { readWait } from '../quota-text.ts';

export type ErrorEvent = Extract<AgentEvent, { type: 'error' }>;

export interface FaultTold {
  message: unknown;
  /** `codexErrorInfo`: a word, or an object with one key that may hold `httpStatusCode`. */
  info?: unknown;
  details?: unknown;
  willRetry: boolean;
  /** Milliseconds since 1970 by the stream's clock; `null` where it has none. */
  now: number | null;
}

const classOfInfo: Readonly<Record<string, AgentErrorClass>> = {
  unauthorized: 'login',
  usageLimitExceeded: 'quota',
  rateLimitExceeded: 'quota',
  contextWindowExceeded: 'context',
  serverOverloaded: 'network',
  internalServerError: 'network',
  flexUnavailable: 'network',
  policyCapacityUnavailable: 'network',
  sandboxError: 'tool',
};

/** These say no to one request of Orbit's; the turn goes on. */
const harmless = new Set(['activeTurnNotSteerable', 'threadRollbackFailed']);

/** The event of an error, be it of a try that is followed by another or the last one. */
export function faultEvent(told: FaultTold): ErrorEvent {
  const words = wordsOf(told);
  const [info, inner] = infoOf(told.info);
  const status = amountIn(inner['httpStatusCode']) ?? statusIn(words);
  const kind = classOf({ info, status, words, willRetry: told.willRetry });
  const isFinal = kind === 'login' || (!told.willRetry && kind !== 'quota' && kind !== 'context');
  const retryAfterMs = kind === 'quota' ? waitIn(words, told.now) : null;
  const critical = isFinal && !harmless.has(info);
  // What is final is not announced as a try that follows.
  const text = critical ? words.replace(/^Reconnecting\.{3} \d+\/\d+ \(([\s\S]+)\)$/, '$1') : words;
  const event: ErrorEvent = { type: 'error', class: kind, text, retryAfterMs, critical };
  return told.willRetry && !critical ? { ...event, retrying: true } : event;
}

/** How the one-shot stream tells that another try follows: `Reconnecting... 2/5 (why)`. */
export function isRetryNotice(message: unknown): boolean {
  return typeof message === 'string' && /^Reconnecting\.{3} \d+\/\d+/.test(message);
}

function wordsOf({ message, details }: FaultTold): string {
  const [main, more] = [textIn(message) ?? '', textIn(details) ?? ''];
  if (main === '' && more === '') return 'an error without words';
  return eventText(cleanText(more === '' || main.includes(more) ? main : `${main} (${more})`));
}

function infoOf(value: unknown): [name: string, inner: Fields] {
  if (typeof value === 'string') return [value, {}];
  const [entry] = Object.entries(fieldsIn(value));
  return entry === undefined ? ['', {}] : [entry[0], fieldsIn(entry[1])];
}

/** `unexpected status 401 Unauthorized: …`, `exceeded retry limit, last status: 429 Too Many Requests`. */
function statusIn(words: string): number | null {
  const found = /\bstatus:? (\d{3})\b/.exec(words)?.[1];
  return found === undefined ? null : Number(found);
}

function classOf(seen: { info: string; status: number | null; words: string; willRetry: boolean }): AgentErrorClass {
  const { info, status, words, willRetry } = seen;
  if (Object.hasOwn(classOfInfo, info)) return classOfInfo[info] ?? 'agent';
  return (
    classOfStatus(status) ?? classOfWords(words) ?? (willRetry || info.startsWith('response') ? 'network' : 'agent')
  );
}

function classOfStatus(status: number | null): AgentErrorClass | null {
  if (status === 429 || status === 402) return 'quota';
  if (status === 401 || status === 403) return 'login';
  return status !== null && (status >= 500 || status === 408) ? 'network' : null;
}

function classOfWords(words: string): AgentErrorClass | null {
  // `Missing environment variable: …` is how a provider's key that is not set is told.
  if (
    /^Missing environment variable|\bunauthori[sz]ed\b|invalid.{0,9}api key|incorrect api key|not logged in|(?:log|sign) in again|refresh token/i.test(
      words,
    )
  )
    return 'login';
  if (/ran out of room|context window|context_length_exceeded/i.test(words)) return 'context';
  if (/usage limit|rate.?limit|quota exceeded|too many requests|insufficient_quota/i.test(words)) return 'quota';
  return /stream disconnected|high demand|overloaded|connection|network error|timed? ?out|error sending request/i.test(
    words,
  )
    ? 'network'
    : null;
}

/** Where nobody knows what time it is, a time of day says nothing: only what is the same at any time counts then. */
function waitIn(words: string, now: number | null): number | null {
  if (now !== null) return readWait(words, { now });
  const waits = [0, 3_600_000].map((at) => readWait(words, { now: at }));
  return waits[0] === waits[1] ? (waits[0] ?? null) : null;
}
