/**
 * How long Codex waits before it tries again. The stream only says that it does; the time is in its log on standard error
 * (`retrying sampling request (1/5 in 19.9s)`), and the two pipes come in any order.
 *
 * Invariant: a try is told once, with its waiting time where that came first; a waiting time that came second is told on its own
 * only where it matters, for a usage limit.
 */
import type { AgentEvent } from '../agent.ts';
import { faultEvent, type ErrorEvent } from './fault.ts';

export interface Retries {
  /** Waiting times by try, such as `1/5`. */
  waits: Map<string, number>;
  /** The last try that was told. */
  told: string | null;
}

const unitsMs: Readonly<Record<string, number>> = { ns: 1e-6, µs: 1e-3, ms: 1, s: 1_000 };

/** What makes Codex log it; it logs errors by default. */
export const retryLog = 'error,codex_core::responses_retry=warn';

export function newRetries(): Retries {
  return { waits: new Map(), told: null };
}

/** The event of a try, with its waiting time if that is known. */
export function noteRetry(retries: Retries, fault: ErrorEvent): ErrorEvent {
  const number = /\b(\d+\/\d+)\b/.exec(fault.text)?.[1];
  if (number === undefined) return fault;
  retries.told = number;
  const waitMs = retries.waits.get(number);
  return waitMs === undefined || fault.retryAfterMs !== null ? fault : { ...fault, retryAfterMs: waitMs };
}

/** A line of Codex's log without its colours. */
export function readRetryLog(retries: Retries, line: string): AgentEvent[] {
  const found = /retrying sampling request \((\d{1,3}\/\d{1,3}) in ([\d.]{1,20})(ns|µs|ms|s)\)/.exec(line);
  const [, number = '', amount = '', unit = ''] = found ?? [];
  const waitMs = Math.ceil(Number(amount) * (unitsMs[unit] ?? Number.NaN));
  if (found === null || !Number.isFinite(waitMs)) return [];
  const isLate = retries.told === number;
  if (retries.waits.size < 100) retries.waits.set(number, waitMs);
  const why = /\bsampling_error=(.{1,1000})/.exec(line)?.[1];
  if (!isLate || why === undefined) return [];
  const fault = faultEvent({ message: `Reconnecting... ${number} (${why})`, willRetry: true, now: null });
  return fault.class === 'quota' ? [{ ...fault, retryAfterMs: waitMs }] : [];
}
