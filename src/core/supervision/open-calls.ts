/**
 * Calls that have no result yet.
 *
 * Owns which of them will never get one: some programs tell no results at all, others leave a call open for ever. Bounded.
 */
import { longestMs, type Call } from './call.ts';

/** Open calls remembered at once; more are those that never got an answer. */
const openMax = 32;
/** The same for a stream that has told no result yet. */
const fewMax = 8;
/** Calls of one turn come at once. */
const apartMs = 5_000;

export class OpenCalls {
  readonly #open = new Map<string, Call>();
  #hasResults = false;
  /** Something came since the last call that shows that the turn went on. */
  #isBroken = false;
  #calledAt: number;

  constructor(startedAt: number) {
    this.#calledAt = startedAt;
  }

  get size(): number {
    return this.#open.size;
  }

  get(id: string): Call | undefined {
    return this.#open.get(id);
  }

  newest(): Call | null {
    return [...this.#open.values()].at(-1) ?? null;
  }

  /** Takes a call in; one with a known id is the same call, told more of. */
  add(call: Call): void {
    this.#open.set(call.id, call);
  }

  /** Takes a call out that was answered. */
  answer(id: string): Call | undefined {
    this.#hasResults = true;
    const call = this.#open.get(id);
    this.#open.delete(id);
    return call;
  }

  goOn(): void {
    this.#isBroken = true;
  }

  /** A new call begins: takes those out that will get no answer any more. */
  giveUpBefore(at: number): Call[] {
    const isNext = this.#isBroken || at - this.#calledAt >= apartMs;
    this.#isBroken = false;
    this.#calledAt = at;
    return this.giveUp(this.#hasResults ? openMax : isNext ? 0 : fewMax);
  }

  /** Takes the oldest out until only so many are left. */
  giveUp(left: number): Call[] {
    const gone: Call[] = [];
    for (const call of this.#open.values()) {
      if (this.#open.size <= left) break;
      this.#open.delete(call.id);
      gone.push(call);
    }
    return gone;
  }

  /** Until when a tool may be silent: its own limit and a grace. @param unlimitedMs for those without one. */
  excusedUntil(graceMs: number, unlimitedMs: number | null): number {
    let until = Number.NEGATIVE_INFINITY;
    for (const { limitMs, startedAt, isLong } of this.#open.values()) {
      if (limitMs !== null) until = Math.max(until, startedAt + limitMs + graceMs);
      else if (unlimitedMs !== null) until = Math.max(until, startedAt + (isLong ? longestMs : unlimitedMs));
    }
    return until;
  }
}
