/**
 * What an attempt uses up: the model's context, money, turns, time.
 *
 * Told at shares of the budget, ended when it is gone. A budget of `null` has no end.
 */
import { none, type Tally } from './detector.ts';
import type { Rule } from './event.ts';
import type { Thresholds } from './thresholds.ts';

export interface Budget {
  costUsd: number | null;
  turns: number | null;
  timeMs: number | null;
}

export interface Spend {
  use(usage: { contextUsed: number | null; contextSize: number | null; costUsd: number }): readonly Tally[];
  /** The agent began another turn: it answered after results. */
  turn(): readonly Tally[];
  /** @param spentMs since the attempt began. */
  pass(spentMs: number): readonly Tally[];
  hinted(rule: Rule): void;
}

export function spending(budget: Budget, limits: Thresholds): Spend {
  const told = new Map<Rule, number>();
  let costUsd = 0;
  let turns = 0;

  /** `what` in words for a person, from the share used. */
  const tally = (rule: Rule, share: number, words: { what: string; act: number }): readonly Tally[] => {
    const times = told.get(rule) ?? 0;
    const [first, last] =
      rule === 'context' ? [limits.contextHintShare, Infinity] : [limits.budgetHintShare, limits.budgetLastHintShare];
    const reached = share >= last ? 2 : share >= first ? 1 : 0;
    if (reached === 0) return none;
    const { what, act } = words;
    return [{ rule, count: share, hint: first, act, isHinted: times >= reached, what, evidence: () => [what] }];
  };
  return {
    use({ contextUsed, contextSize, costUsd: cost }) {
      costUsd = Math.max(costUsd, cost);
      const context = contextUsed === null || contextSize === null || contextSize <= 0 ? 0 : contextUsed / contextSize;
      if (context < limits.contextHintShare) told.delete('context');
      const found =
        context === 0
          ? none
          : tally('context', context, {
              what: `${percent(context)} of the context window is used (${contextUsed} of ${contextSize} tokens)`,
              act: limits.contextActShare,
            });
      if (budget.costUsd === null || budget.costUsd <= 0) return found;
      const what = `$${costUsd.toFixed(2)} of $${budget.costUsd.toFixed(2)} are spent by this attempt`;
      return [...found, ...tally('cost', costUsd / budget.costUsd, { what, act: 1 })];
    },
    turn() {
      turns += 1;
      if (budget.turns === null || budget.turns <= 0) return none;
      return tally('turns', turns / budget.turns, { what: `${turns} of ${budget.turns} turns are used`, act: 1 });
    },
    pass(spentMs) {
      if (budget.timeMs === null || budget.timeMs <= 0) return none;
      const all = minutes(budget.timeMs);
      const what =
        spentMs >= budget.timeMs
          ? `the time of ${all} for this attempt is used up`
          : `${minutes(spentMs)} of ${all} are used up`;
      return tally('time', spentMs / budget.timeMs, { what, act: 1 });
    },
    hinted: (rule) => void told.set(rule, (told.get(rule) ?? 0) + 1),
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function minutes(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`;
}
