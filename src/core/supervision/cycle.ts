/**
 * A cycle of two to five calls, and the same call again and again with one other, varying call in between.
 *
 * Owns a ring of the last steps. The plain cycle counts whatever the results are; the interleaved one only where the fixed calls
 * bring the same result each time, for between two looks at one thing anything may have been done. Waits break both.
 */
import { callLine } from './call.ts';
import { isNear, none, type Detector, type Tally } from './detector.ts';
import { isSameCall, isSameResult, resultLine, type Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

const periodMin = 2;
const periodMax = 5;

/** The calls of a cycle, in order; a varying one is `null`. */
type Calls = readonly (Step | null)[];

/** What a hint was given for. */
interface Known {
  calls: Calls;
  count: number;
  /** Steps since the hint that go on with it. */
  fresh: number;
  /** The last of them was the varying one. */
  wasVarying: boolean;
}

export class Cycles implements Detector {
  readonly #limits: Thresholds;
  readonly #ring: Step[] = [];
  /** Per period: steps in a row that equal the one so many before. */
  readonly #runs: number[] = Array.from({ length: periodMax + 1 }, () => 0);
  #found: Calls | null = null;
  #known: Known | null = null;

  constructor(limits: Thresholds) {
    this.#limits = limits;
  }

  see(step: Step): readonly Tally[] {
    if (step.kind === 'wait') {
      this.clear();
      return none;
    }
    this.#ring.push(step);
    if (this.#ring.length > periodMax * (this.#limits.cycleAct + 1)) this.#ring.shift();
    const one = this.#known === null ? (this.#plain(step) ?? this.#interleaved(step)) : this.#goOn(step, this.#known);
    return one === null ? none : [one];
  }

  hinted(): void {
    // Told once more (the receipt came): what was counted since is not held against it.
    if (this.#known !== null) this.#known.fresh = 0;
    else if (this.#found !== null) {
      this.#known = { calls: this.#found, count: this.#limits.cycleHint, fresh: 0, wasVarying: false };
    }
    this.#forget();
  }

  rest(): void {
    if (this.#known !== null) this.#known.fresh = 0;
    this.#forget();
  }

  clear(): void {
    this.#forget();
    this.#known = null;
  }

  #forget(): void {
    this.#ring.length = 0;
    this.#runs.fill(0);
    this.#found = null;
  }

  #back(steps: number): Step | undefined {
    return this.#ring[this.#ring.length - 1 - steps];
  }

  #plain(step: Step): Tally | null {
    for (let period = periodMin; period <= periodMax; period += 1) {
      const before = this.#back(period);
      this.#runs[period] = before !== undefined && isSameCall(before, step) ? (this.#runs[period] ?? 0) + 1 : 0;
    }
    for (let period = periodMin; period <= periodMax; period += 1) {
      const run = this.#runs[period] ?? 0;
      const count = Math.floor(run / period) + 1;
      if (run < period || !isNear({ count, hint: this.#limits.cycleHint })) continue;
      const calls = this.#ring.slice(-period);
      // One call alone is no cycle.
      if (calls.every((one) => isSameCall(one, step))) continue;
      return this.#tally(step, calls, count);
    }
    return null;
  }

  #interleaved(step: Step): Tally | null {
    const other = this.#back(1);
    if ((!step.isTelling && !step.failed) || other === undefined || isSameCall(other, step)) return null;
    for (const period of [2, 3]) {
      const again = (at: number): boolean => isAgain(this.#back(at), this.#back(at + period));
      if (!again(0) || (period === 3 && !again(1) && !again(2))) continue;
      let count = 2;
      while (count <= this.#limits.cycleAct && isAgain(step, this.#back(count * period))) count += 1;
      if (!isNear({ count, hint: this.#limits.cycleHint })) continue;
      const calls = this.#ring.slice(-period).map((one, index) => (again(period - 1 - index) ? one : null));
      return this.#tally(step, calls, count);
    }
    return null;
  }

  /** After a hint: does it go on with just that? */
  #goOn(step: Step, known: Known): Tally | null {
    const isPart = known.calls.some((one) => one !== null && isSameCall(one, step));
    if (!isPart && (known.wasVarying || !known.calls.includes(null))) {
      this.#known = null;
      return null;
    }
    known.wasVarying = !isPart;
    known.fresh += 1;
    const count = known.count + Math.floor(known.fresh / known.calls.length);
    return this.#tally(step, known.calls, count);
  }

  #tally(step: Step, calls: Calls, count: number): Tally {
    this.#found = calls;
    const { cycleHint: hint, cycleAct: act } = this.#limits;
    return {
      rule: 'cycle',
      count,
      hint,
      act,
      isHinted: this.#known !== null,
      what: `a cycle of ${calls.length} calls ${count} times`,
      since: this.#ring[0]?.startedAt ?? step.startedAt,
      evidence: () => [
        `${count} times in turn:`,
        ...calls.map((one) => (one === null ? '- another call each time' : `- ${callLine(one)} → ${resultLine(one)}`)),
        `last call ${step.ordinal}`,
      ],
    };
  }
}

/** The same call with the same result, which says enough to be known by. */
function isAgain(a: Step | undefined, b: Step | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return isSameCall(a, b) && isSameResult(a, b) && (a.isTelling || a.failed);
}
