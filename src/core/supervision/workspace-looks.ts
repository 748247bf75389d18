/**
 * Looks at the workspace: the last word on whether repetition leads anywhere.
 *
 * Owns when a look is wanted (shortly before a rule would speak, and when it would) and what it tells. A content that was there
 * before is no step forward. Where nobody looks, what the agent's events tell of changes has to do.
 */
import { isNear, type Tally } from './detector.ts';
import { restsOnChange } from './resting.ts';

export interface WorkspaceLooks {
  /** Answers what may be judged now; what a look could refute is held back until it comes. */
  hold(tallies: readonly Tally[]): readonly Tally[];
  isWanted(): boolean;
  /** What was held back is not to be judged any more. */
  drop(): void;
  /** The agent's own events told of a change. */
  advance(): void;
  /** @param isStale steps ended while it was taken: it may show what they did. */
  look(fingerprint: string | null, isStale: boolean): { isAdvanced: boolean; tallies: readonly Tally[] };
}

const seenMax = 256;

export function workspaceLooks(hasLooks: boolean): WorkspaceLooks {
  const seen = new Set<string>();
  let last: string | null = null;
  /** The last look came since the agent told of a change; `explained`: it told of one since. */
  let [isRecent, isExplained, isWanted, isConfirmed, wasStale] = [false, false, false, false, false];
  let held: readonly Tally[] = [];

  const isAhead = (fingerprint: string): boolean =>
    last !== null && fingerprint !== last && !seen.has(fingerprint) && (isRecent || !isExplained);
  return {
    hold(tallies) {
      if (!hasLooks) return tallies;
      if (isConfirmed) {
        isConfirmed = false;
        return tallies;
      }
      const resting = tallies.filter(({ rule }) => restsOnChange(rule));
      const due = resting.filter(({ count, hint, act, isHinted }) => count >= act || (count >= hint && !isHinted));
      if (due.length > 0) held = due;
      if (due.length > 0 || resting.some((tally) => !tally.isHinted && tally.count < tally.hint && isNear(tally)))
        isWanted = true;
      return tallies.filter(({ rule }) => !restsOnChange(rule));
    },
    isWanted: () => isWanted,
    drop() {
      [isWanted, isConfirmed, held] = [false, false, []];
    },
    advance() {
      [isRecent, isExplained, isWanted] = [false, true, false];
      held = [];
    },
    look(fingerprint, isStale) {
      isWanted = false;
      const tallies = held;
      held = [];
      // The look before may have shown the very changes that this one is to tell of.
      const isUnclear = wasStale && fingerprint !== null && fingerprint === last;
      const isAdvanced = tallies.length > 0 && fingerprint !== null && isAhead(fingerprint);
      if (fingerprint !== null) {
        wasStale = isStale && fingerprint !== last;
        [last, isRecent, isExplained] = [fingerprint, true, false];
        seen.add(fingerprint);
        if (seen.size > seenMax) seen.delete(seen.values().next().value ?? '');
      }
      if (isAdvanced || isUnclear) return { isAdvanced, tallies: [] };
      isConfirmed = tallies.length > 0;
      return { isAdvanced, tallies };
    },
  };
}
