/**
 * What went wrong with a turn of Claude Code, from the status and the words it gives.
 *
 * Pure. Status first: the words are for people and change from version to version.
 */
import type { AgentErrorClass, AgentEvent } from '../agent.ts';
import { readQuota, readWait, type QuotaClock } from '../quota-text.ts';

export interface ApiFault {
  /** HTTP status; `null` where there was no answer at all, or nobody tells. */
  status: number | null;
  text: string;
  /** The program's reason for the end of the turn, where it gives one. */
  reason: string | null;
}

/** @param resetAt when the program said that the limit is over, in milliseconds since 1970. */
export function faultEvent(fault: ApiFault, clock: QuotaClock, resetAt: number | null): AgentEvent {
  const kind = classOf(fault, clock);
  // A recording that tells no time says nothing of how far off another one is.
  const isTimed = clock.now > 0;
  const wait = resetAt === null ? readWait(fault.text, clock) : Math.max(0, resetAt - clock.now);
  return {
    type: 'error',
    class: kind,
    text: fault.text,
    retryAfterMs: kind === 'quota' && isTimed ? wait : null,
    // A limit is waited for and a full context is handed over; nothing of that is the agent's failure.
    critical: kind !== 'quota' && kind !== 'context',
  };
}

/** The class of an error that the program tries to get over by itself. */
export function retryClass(status: number | null): AgentErrorClass {
  if (status === 429) return 'quota';
  if (status === 401 || status === 403) return 'login';
  return status === null || status >= 500 || status === 408 || status === 409 ? 'network' : 'agent';
}

function classOf({ status, text, reason }: ApiFault, clock: QuotaClock): AgentErrorClass {
  if (reason !== null && contextReasons.has(reason)) return 'context';
  if (status === 413 || /\bprompt is too long\b|\bcontext (?:window|limit)\b/i.test(text)) return 'context';
  if (status === 429 || status === 402 || readQuota(text, clock) !== null) return 'quota';
  if (status === 401 || status === 403 || loginWords.test(text)) return 'login';
  const isApi = reason === 'api_error' || /\bAPI Error\b|\bconnection error\b/i.test(text);
  if (status === null ? isApi : status >= 500) return 'network';
  return 'agent';
}

const contextReasons = new Set(['prompt_too_long', 'blocking_limit', 'rapid_refill_breaker']);

const loginWords = /\binvalid api key\b|\brun \/login\b|\bfailed to authenticate\b|\boauth token\b|\bnot logged in\b/i;
