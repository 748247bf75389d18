/**
 * Silence: no event, and processes that do nothing (C6).
 *
 * Owns what counts as life: an event; processor time or bytes moved in the process tree; a tool within the time it was given and a
 * grace; a wait for another try that the agent's program told of. A failed look proves nothing. Where nobody can look at the
 * processes, as in a recording, a silence must also be out of the ordinary for this run before the agent is asked.
 */
import { none, type Tally } from './detector.ts';
import { minutes } from './spend.ts';
import type { Thresholds } from './thresholds.ts';

export interface Silence {
  /** A sign of the agent's own. @param isModelsPause nothing of it was running: the model was thinking. */
  alive(at: number, isModelsPause: boolean): void;
  tree(busy: boolean | null, at: number): void;
  /** @param excusedUntil nothing is expected before then; `resting`: it waits for words. */
  pass(at: number, state: { excusedUntil: number; resting: boolean }): readonly Tally[];
  hinted(): void;
}

export interface SilenceOrder {
  startedAt: number;
  /** Somebody looks at its processes. */
  hasLooks: boolean;
  limits: Thresholds;
}

/** A pause is out of the ordinary when it is so many times the longest before. */
const unusual = 6;

export function silence({ startedAt, hasLooks, limits }: SilenceOrder): Silence {
  const [hintMs, actMs] = [limits.stallHintS * 1_000, limits.stallActS * 1_000];
  let activeAt = startedAt;
  /** Idle at every look since then; `null`: busy at the last, or nobody could tell. */
  let idleSince: number | null = null;
  let longestPauseMs = 0;
  let isHinted = false;

  const wake = (at: number): void => {
    activeAt = Math.max(activeAt, at);
    idleSince = null;
  };
  return {
    alive(at, isModelsPause) {
      if (isModelsPause && at - activeAt < actMs) longestPauseMs = Math.max(longestPauseMs, at - activeAt);
      isHinted = false;
      wake(at);
    },
    tree(busy, at) {
      idleSince = busy === false ? (idleSince ?? at) : null;
    },
    pass(at, { excusedUntil, resting }) {
      if (resting) {
        activeAt = at;
        return none;
      }
      const silentMs = at - Math.max(activeAt, excusedUntil);
      if (silentMs < Math.min(hintMs, actMs)) return none;
      // Half of the silence seen idle is proof enough; a build that ended a moment ago is given the other half.
      const idleMs = hasLooks ? (idleSince === null ? 0 : at - idleSince) * 2 : silentMs;
      const sureMs = Math.min(silentMs, idleMs);
      const hint = Math.max(hintMs, Math.min(longestPauseMs * unusual, actMs / 2));
      if (sureMs < hint && sureMs < actMs) return none;
      const what = `no sign of life for ${minutes(at - activeAt)}${hasLooks ? ' and its processes are idle' : ''}`;
      const tally: Tally = {
        rule: 'silence',
        count: Math.round(sureMs / 1_000),
        hint: hint / 1_000,
        act: actMs / 1_000,
        isHinted,
        what,
        evidence: () => [what],
      };
      return [tally];
    },
    hinted() {
      isHinted = true;
    },
  };
}
