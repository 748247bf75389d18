/** A commit without any check may still get some: forges begin them seconds after a push. */
import type { ChecksState } from '../../core/pull-request.ts';
import type { LandingContext } from '../landing/step.ts';

export class CheckStarts {
  readonly #context: LandingContext;
  /** When a commit was first seen without checks, on the monotonic clock. */
  readonly #seenMs = new Map<string, number>();

  constructor(context: LandingContext) {
    this.#context = context;
  }

  /** The state to act on: none yet counts as pending until they had time to begin. */
  settle(commit: string, state: ChecksState): ChecksState {
    if (state !== 'none') return state;
    const { ports, settings } = this.#context;
    const nowMs = ports.clock.monotonicMs();
    const sinceMs = this.#seenMs.get(commit) ?? nowMs;
    this.#seenMs.set(commit, sinceMs);
    return nowMs - sinceMs >= (settings.forgeGraceMs ?? settings.limits.forgeChecksGraceMs) ? 'none' : 'pending';
  }
}
