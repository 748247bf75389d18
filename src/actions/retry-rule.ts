/** From settings to the rule that core decides retries by. */
import type { RetryRule } from '../core/command.ts';
import { limits } from '../core/limits.ts';
import type { Settings } from '../platform/settings.ts';

/** @param jitter 0 to 1, drawn by the caller. */
export function retryRule({ budget, retryDelayMs }: Settings, jitter: number): RetryRule {
  return {
    attemptsMax: budget.attempts,
    spentMsMax: Math.round(budget.minutes * 60_000),
    retryDelayMs,
    jitter,
    bouncesMax: limits.bouncesMax,
  };
}
