/** From settings to the rules that core decides retries and waits for quota by. */
import type { RetryRule } from '../core/command.ts';
import type { QuotaRule } from '../core/quota.ts';
import { limits } from '../core/limits.ts';
import type { Settings } from '../platform/settings.ts';

/** @param jitter 0 to 1, drawn by the caller. */
export function retryRule({ agents, budget, retryDelayMs }: Settings, jitter: number): RetryRule {
  return {
    attemptsMax: budget.attempts,
    spentMsMax: Math.round(budget.minutes * 60_000),
    retryDelayMs,
    jitter,
    bouncesMax: limits.bouncesMax,
    agents: Object.keys(agents),
  };
}

export function quotaRule({ quota }: Pick<Settings, 'quota'>): QuotaRule {
  return { waitMs: Math.round(quota.waitMinutes * 60_000), waitMsMax: Math.round(quota.waitMinutesMax * 60_000) };
}
