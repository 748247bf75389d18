/**
 * What goes wrong in agents that speak ACP, as events: which class it is, how long to wait, and whether anything follows.
 *
 * Pure. ACP has no states for retries and no classes of errors, so each program tells them its own way: as the rejection of a
 * prompt, as words in the answer, as members of `_meta`, on standard error. Only such places are read here, never what a
 * model says.
 */
import type { AgentErrorClass, AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, fieldsOfLine, jsonOf, textIn } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { readQuota, readWait } from '../quota-text.ts';

export type ErrorEvent = Extract<AgentEvent, { type: 'error' }>;

export interface Fault {
  text: string;
  /** HTTP status of the model's service, where one is told. */
  status: number | null;
  /** The program's own word for it, where it has one. */
  kind: string;
}

/** The fault in the `error` of a JSON-RPC response: some programs put JSON into its message, some the words into its data. */
export function faultOfRejection(error: unknown): Fault {
  const { code, message, data } = fieldsIn(error);
  const details = fieldsIn(data);
  const inner = fieldsIn(fieldsIn(fieldsOfLine({ text: textIn(message) ?? '', droppedBytes: 0 }))['error']);
  const words = [textIn(inner['message']) ?? textIn(message), textIn(details['details']), textIn(data)];
  const text = words.filter((word) => word !== null && word !== '').join(': ');
  const authRequired = code === -32_000 ? 'auth_required' : '';
  return {
    text: text === '' ? `an error without words ${jsonOf(error)}` : text,
    status: httpStatus(code) ?? httpStatus(inner['code']) ?? statusIn(text),
    kind: textIn(details['errorKind']) ?? (textIn(inner['status']) || authRequired),
  };
}

/** The fault in words that a program put where its answer should be. */
export function faultOfWords(text: string): Fault {
  return { text, status: statusIn(text), kind: '' };
}

/** The last word of the program about it: no class that the runner parks or hands over on is critical. */
export function errorOf(fault: Fault, now: number): ErrorEvent {
  const kind = classOf(fault) ?? 'agent';
  return {
    type: 'error',
    class: kind,
    text: eventText(cleanText(fault.text)),
    retryAfterMs: waitOf(kind, fault.text, now),
    critical: kind !== 'quota' && kind !== 'context',
  };
}

/** The program tries again by itself, except that no login ever mends itself. */
export function retryOf(fault: Fault, now: number): ErrorEvent {
  const kind = classOf(fault) ?? 'network';
  const told = errorOf(fault, now);
  if (kind === 'login') return told;
  return { ...told, class: kind, retryAfterMs: waitOf(kind, fault.text, now), critical: false, retrying: true };
}

/** `null`: neither status nor words tell one. */
export function classOf({ text, status, kind }: Fault): AgentErrorClass | null {
  const words = `${kind} ${text}`.slice(0, searchedMax);
  if (contextWords.test(words)) return 'context';
  if (status === 401 || status === 403) return 'login';
  if (status === 402 || status === 429) return 'quota';
  if (status === 408 || (status !== null && status >= 500)) return 'network';
  if (loginWords.test(words)) return 'login';
  if (quotaWords.test(words) || readQuota(words, { now: 0 }) !== null) return 'quota';
  return networkWords.test(words) ? 'network' : null;
}

/** The program's own guard against loops stopped the turn: nothing went wrong with it or with the service. */
export function isOwnLimit({ text }: Fault): boolean {
  return /\bloop (?:was )?detect(?:ed|ion)\b/i.test(text.slice(0, searchedMax));
}

/** `Attempt 2 failed with status 503. Retrying with backoff…` on standard error, as one of the programs says it. */
export function retryOnStandardError(text: string, now: number): ErrorEvent | null {
  const status = /^Attempt \d+ failed with status (\d{3})\b.*[Rr]etrying/.exec(text.slice(0, searchedMax))?.[1];
  return status === undefined ? null : retryOf({ text, status: Number(status), kind: '' }, now);
}

/** A text is searched up to here: faults are short, and the whole of a long line is in the raw log. */
const searchedMax = 4_096;

const contextWords =
  /context.?(?:length|window)|prompt is too long|too many tokens|input token count.{0,40}exceeds|maximum number of tokens|context limit|context is too large/i;
const loginWords =
  /\bauth_required\b|authentication[ _]?(?:failed|required|error)|unauthori[sz]ed|unauthenticated|api key (?:is )?(?:not valid|missing|invalid|expired)|(?:invalid|incorrect|missing) api.?key|not (?:logged|signed) in|please (?:log|sign) in|permission_denied/i;
const quotaWords = /\brate_limit|billing_error|usageLimitExceeded|rateLimitExceeded/;
const networkWords =
  /overloaded|unavailable|server_error|internal server error|retried \d+ times|transient|terminated|fetch failed|socket|econn|etimedout|timed? ?out|network|connection (?:error|closed|reset|refused)|stream (?:ended|closed|disconnected)|disconnected/i;

function waitOf(kind: AgentErrorClass, text: string, now: number): number | null {
  return kind === 'quota' || kind === 'network' ? readWait(text, { now }) : null;
}

function httpStatus(value: unknown): number | null {
  const number = amountIn(value);
  return number !== null && number >= 400 && number < 600 ? number : null;
}

/** `400 This model's …`, `(HTTP 401)`, `Last error: 529 Overloaded`, `status 503`, `"code":429`. */
function statusIn(text: string): number | null {
  const found =
    /^(?:Error: )?([45]\d\d)\s|\bHTTP[ /]+([45]\d\d)\b|\berror:? ([45]\d\d)\b|\bstatus(?: code)?:? ([45]\d\d)\b|"(?:code|status)":\s?([45]\d\d)\b/i.exec(
      text.slice(0, searchedMax),
    );
  return httpStatus(Number(found?.slice(1).find((group) => group !== undefined)));
}
