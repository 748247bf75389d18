/**
 * Errors of OpenCode and of the model's vendor as events: which class they are, and whether anything follows.
 *
 * OpenCode tries again by itself up to five times where an error may pass (measured: after 2, 4, 8, 16 and 30 s, or after what
 * `retry-after` says), and tells an error only when it gives up. A retry carries words and a time, no status.
 */
import type { AgentErrorClass, AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { readWait } from '../quota-text.ts';
import { textOf } from './fields.ts';

export type Fault =
  | { is: 'aborted' }
  /** The model's output limit ended the step. */
  | { is: 'limit'; text: string }
  | { is: 'error'; event: Extract<AgentEvent, { type: 'error' }> };

/** What a `session.error`, or the `error` of a message, means. @param now milliseconds since 1970 as the stream tells them. */
export function faultOf(error: unknown, now: number | null): Fault {
  const { name, data } = fieldsIn(error);
  const details = fieldsIn(data);
  const words = textOf(details['message']) || textOf(name) || 'an error without words';
  switch (name) {
    case 'MessageAbortedError':
      return { is: 'aborted' };
    case 'MessageOutputLengthError':
      return { is: 'limit', text: 'the model reached the limit of its output' };
    case 'ContextOverflowError':
      return told('context', words, {});
    case 'ProviderAuthError':
      return told('login', words, { critical: true });
    case 'APIError':
      return apiFault(details, words, now);
    default:
      return told(classOfWords(words) ?? 'agent', words, { critical: true });
  }
}

/** What a retry means. @param waitMs until OpenCode tries again; a limit may last longer than that. */
export function retryEvent(status: Fields, waitMs: number | null, now: number | null): AgentEvent {
  const words = textOf(status['message']) || 'the model did not answer';
  const reason = textOf(fieldsIn(status['action'])['reason']);
  const isQuota = /limit|quota|credit|balance/i.test(reason);
  const kind = isQuota ? 'quota' : (classOfWords(words) ?? 'network');
  const toldMs = kind === 'quota' ? waitOfWords(words, now) : null;
  const retryAfterMs = toldMs === null ? waitMs : Math.max(toldMs, waitMs ?? 0);
  const event = errorEvent(kind, words, { retryAfterMs, critical: kind === 'login' });
  return kind === 'login' ? event : { ...event, retrying: true };
}

function apiFault(details: Fields, words: string, now: number | null): Fault {
  const status = amountIn(details['statusCode']);
  const kind = classOfStatus(status) ?? classOfWords(words) ?? (status === null ? 'network' : 'agent');
  const text = status === null ? words : `${words} (status ${status})`;
  if (kind !== 'quota') return told(kind, text, { critical: kind !== 'context' });
  const headers = fieldsIn(details['responseHeaders']);
  const sentAt = Date.parse(textOf(headers['date']));
  const retryAfterMs = waitOfHeaders(headers) ?? waitOfWords(words, Number.isNaN(sentAt) ? now : sentAt);
  return told('quota', text, { retryAfterMs });
}

function classOfStatus(status: number | null): AgentErrorClass | null {
  if (status === null) return null;
  if (status === 429 || status === 402) return 'quota';
  if (status === 401 || status === 403) return 'login';
  if (status === 408 || status >= 500) return 'network';
  return null;
}

/** Words that vendors use where no status is told; `null`: none of them. */
function classOfWords(words: string): AgentErrorClass | null {
  const quota =
    /rate.?limit|too many requests|quota|usage limit|insufficient (balance|funds|credit)|resource.?exhausted|\b429\b/i;
  const login =
    /unauthori[sz]ed|authentication|invalid (api )?key|api key (is )?(missing|invalid)|\b40[13]\b|forbidden/i;
  const context = /(maximum )?context (length|window)|prompt is too long|too many tokens/i;
  const network =
    /overloaded|unavailable|timed? ?out|connection|socket|network|\b5\d\d\b|internal server error|fetch failed/i;
  if (quota.test(words)) return 'quota';
  if (login.test(words)) return 'login';
  if (context.test(words)) return 'context';
  return network.test(words) ? 'network' : null;
}

/** Without the time of day, only what is a time of day cannot be read; it is left out then, as all else. */
function waitOfWords(words: string, now: number | null): number | null {
  return now === null ? null : readWait(words, { now });
}

function waitOfHeaders(headers: Fields): number | null {
  const ms = Number(textOf(headers['retry-after-ms']) || Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const seconds = Number(textOf(headers['retry-after']) || Number.NaN);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const [at, sent] = [Date.parse(textOf(headers['retry-after'])), Date.parse(textOf(headers['date']))];
  return Number.isFinite(at) && Number.isFinite(sent) ? Math.max(0, at - sent) : null;
}

function told(kind: AgentErrorClass, text: string, more: { critical?: boolean; retryAfterMs?: number | null }): Fault {
  return { is: 'error', event: errorEvent(kind, text, more) };
}

function errorEvent(
  kind: AgentErrorClass,
  text: string,
  { critical = false, retryAfterMs = null }: { critical?: boolean; retryAfterMs?: number | null },
): Extract<AgentEvent, { type: 'error' }> {
  return { type: 'error', class: kind, text: eventText(cleanText(text)), retryAfterMs, critical };
}
