/**
 * Retry and budget: what follows when an attempt ended badly.
 *
 * Owns the rule "one budget per task over all its attempts" (I11, P7) and the delay between attempts.
 */
import type { RetryRule } from './command.ts';
import { nextRung } from './ladder.ts';
import { type NextRung } from './rung.ts';
import { limits } from './limits.ts';
import { usedUpBySplit } from './split.ts';
import type { InboxKind, Task } from './task.ts';

export interface NextStep {
  /** When the task may be tried again; `null` if it goes to the inbox. */
  retryAt: number | null;
  inbox: InboxKind | null;
  why: string;
  /** What is different about the next attempt; `null` if there is none. */
  next: NextRung | null;
}

/**
 * @param task the task while its attempt is still claimed (so `attempts` counts it).
 * @param end `agent` made the attempt that just ended, `spentMs` is its working time; `split`: the task among those of its split.
 */
export function nextStep(
  task: Task,
  {
    agent,
    spentMs,
    rule,
    now,
    split = [],
  }: { agent: string; spentMs: number; rule: RetryRule; now: number; split?: readonly Task[] },
): NextStep {
  const budget = budgetOf(task, rule);
  const allowed = budget.attemptsMax + task.attemptsGranted;
  if (task.attempts >= allowed) {
    return { retryAt: null, inbox: 'attempts-used', why: `all ${allowed} attempts are used`, next: null };
  }
  if (task.spentMs + spentMs >= budget.spentMsMax) {
    const minutes = Math.round(budget.spentMsMax / 60_000);
    const why = `the time budget of ${minutes} min over all attempts is used`;
    return { retryAt: null, inbox: 'budget-used', why, next: null };
  }
  const { attemptsMax, spentMsMax } = rule;
  const used = usedUpBySplit(split, { now: { failures: 1, spentMs }, attemptsMax, spentMsMax });
  if (used !== null) return { retryAt: null, next: null, ...used };
  const retryAt = now + retryDelayMs(task.failures.length, rule);
  const next = nextRung(task, { agent, left: allowed - task.attempts, rule, retryAt });
  return { retryAt, inbox: null, why: 'tried again', next };
}

/** What a task that an attempt made may use: splitting multiplies tasks, not budgets. */
function budgetOf(
  task: Pick<Task, 'origin'>,
  { attemptsMax, spentMsMax }: Pick<RetryRule, 'attemptsMax' | 'spentMsMax'>,
): { attemptsMax: number; spentMsMax: number } {
  const depth = task.origin?.depth ?? 0;
  return { attemptsMax: Math.max(1, attemptsMax - depth), spentMsMax: spentMsMax * shareOf(task) };
}

/** The share of the settings' budget of time and money: half of what made it. */
export function shareOf({ origin }: Pick<Task, 'origin'>): number {
  return 1 / 2 ** (origin?.depth ?? 0);
}

/** Doubles from `rule.retryDelayMs` with every earlier failure up to the limit, stretched by at most half by jitter. */
export function retryDelayMs(earlierFailures: number, rule: RetryRule): number {
  const doubled = rule.retryDelayMs * 2 ** Math.min(earlierFailures, 16);
  return Math.round(Math.min(doubled, limits.retryDelayMsMax) * (1 + rule.jitter / 2));
}
