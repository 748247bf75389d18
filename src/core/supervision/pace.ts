/**
 * The pace of an agent: tells asking again after a while from asking again at once.
 *
 * Owns what a poll is: the same call after a pause that is long, also for this agent, or one that sleeps so long itself; a slow
 * model is not polling.
 */
import { isSameCall, type Step } from './step.ts';

export interface Pace {
  /** Whether this step asks again after having waited. Every step has to be shown. */
  isPolling(step: Step): boolean;
  /** The agent is told something: the pause in which it reads that is no wait. */
  told(): void;
}

/** A wait is at least so many times the usual pause between two different calls. */
const unusual = 3;

export function paceOf(pollMs: number): Pace {
  let last: Step | null = null;
  let usualMs = 0;
  let isTold = false;
  return {
    isPolling(step) {
      const before: Step | null = last;
      last = step;
      if (step.sleepMs >= pollMs) return true;
      if (before === null) return false;
      const pauseMs = step.startedAt - before.endedAt;
      if (!isSameCall(step, before)) {
        usualMs = usualMs === 0 ? pauseMs : usualMs * 0.8 + pauseMs * 0.2;
        return false;
      }
      const wasTold = isTold;
      isTold = false;
      return !wasTold && pauseMs >= pollMs && (step.isPoll || pauseMs >= usualMs * unusual);
    },
    told() {
      isTold = true;
    },
  };
}
