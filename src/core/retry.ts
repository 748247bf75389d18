/**
 * Retry and budget: what follows when an attempt ended badly.
 *
 * Owns the rule "one budget per task over all its attempts" (I11, P7) and the delay between attempts.
 */
import type { RetryRule } from './command.ts';
import { limits } from './limits.ts';
import type { InboxKind, Task } from './task.ts';

export interface NextStep {
  /** When the task may be tried again; `null` if it goes to the inbox. */
  retryAt: number | null;
  inbox: InboxKind | null;
  why: string;
}

/**
 * @param task the task while its attempt is still claimed (so `attempts` counts it).
 * @param end `spentMs` is the working time of the attempt that just ended.
 */
export function nextStep(
  task: Task,
  { spentMs, rule, now }: { spentMs: number; rule: RetryRule; now: number },
): NextStep {
  const allowed = rule.attemptsMax + task.attemptsGranted;
  if (task.attempts >= allowed) {
    return { retryAt: null, inbox: 'attempts-used', why: `all ${allowed} attempts are used` };
  }
  if (task.spentMs + spentMs >= rule.spentMsMax) {
    const minutes = Math.round(rule.spentMsMax / 60_000);
    return { retryAt: null, inbox: 'budget-used', why: `the time budget of ${minutes} min over all attempts is used` };
  }
  return { retryAt: now + retryDelayMs(task.failures.length, rule), inbox: null, why: 'tried again' };
}

/** Doubles from `rule.retryDelayMs` with every earlier failure up to the limit, stretched by at most half by jitter. */
export function retryDelayMs(earlierFailures: number, rule: RetryRule): number {
  const doubled = rule.retryDelayMs * 2 ** Math.min(earlierFailures, 16);
  return Math.round(Math.min(doubled, limits.retryDelayMsMax) * (1 + rule.jitter / 2));
}
