/**
 * A detector: counts one kind of sign over the steps of an attempt, in bounded memory.
 *
 * It only counts and shows; what follows from a count is decided in one place, `supervision.ts`.
 */
import type { Rule } from './event.ts';
import type { Step } from './step.ts';

/** How far a rule is. */
export interface Tally {
  rule: Rule;
  count: number;
  /** Thresholds of this rule. */
  hint: number;
  act: number;
  /** The agent was told of just this already. */
  isHinted: boolean;
  /** One sentence: what happens. */
  what: string;
  /** When what is counted began. */
  since?: number;
  evidence: () => string[];
}

export interface Detector {
  /** Takes one step in; answers the rules that are near their threshold or beyond. */
  see(step: Step): readonly Tally[];
  /** The agent was told of what this rule found: only what comes from now on is fresh. */
  hinted(rule: Rule): void;
  /** The agent was told of something else: what it was told before stays, what was counted since does not. */
  rest(): void;
  /** Forgets: the workspace moved on. */
  clear(): void;
}

export const none: readonly Tally[] = [];

/** Within one of the hint: whoever can look at the workspace should do so now. */
export function isNear({ count, hint }: { count: number; hint: number }): boolean {
  return count >= Math.min(hint, Math.max(2, hint - 1));
}
