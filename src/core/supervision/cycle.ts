/**
 * A cycle of two to five calls, and the same call again and again with one other, varying call in between.
 *
 * Owns a ring of the last steps. The plain cycle counts whatever the results are; the interleaved one only where the fixed calls
 * bring the same result each time, for between two looks at one thing anything may have been done. Declared waits break both.
 */
import { callLine } from './call.ts';
import { isNear, none, type Detector, type Tally } from './detector.ts';
import { isSameCall, isSameResult, resultLine, type Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

const periodMin = 2;
const periodMax = 5;

/** What a hint was given for: its calls, in order; a varying one is `null`. */
interface Known {
  calls: readonly (Step | null)[];
  count: number;
  /** Steps since the hint that go on with it. */
  fresh: number;
  /** The last of them was the varying one. */
  wasVarying: boolean;
}

export function cycles(limits: Thresholds): Detector {
  const ringMax = periodMax * (limits.cycleAct + 1);
  let ring: Step[] = [];
  const runs = Array.from({ length: periodMax + 1 }, () => 0);
  let known: Known | null = null;
  let found: { calls: readonly (Step | null)[]; count: number } | null = null;

  const back = (steps: number): Step | undefined => ring[ring.length - 1 - steps];
  const forget = (): void => {
    ring = [];
    runs.fill(0);
    found = null;
  };
  const tally = (step: Step, calls: readonly (Step | null)[], count: number): Tally => ({
    rule: 'cycle',
    count,
    hint: limits.cycleHint,
    act: limits.cycleAct,
    isHinted: known !== null,
    what: `a cycle of ${calls.length} calls ${count} times`,
    since: ring[0]?.startedAt ?? step.startedAt,
    evidence: () => [
      `${count} times in turn:`,
      ...calls.map((one) => (one === null ? '- another call each time' : `- ${callLine(one)} → ${resultLine(one)}`)),
      `last call ${step.ordinal}`,
    ],
  });
  const goOn = (step: Step, cycle: Known): Tally | null => {
    const isPart = cycle.calls.some((one) => one !== null && isSameCall(one, step));
    if (!isPart && (cycle.wasVarying || !cycle.calls.includes(null))) {
      known = null;
      return null;
    }
    cycle.wasVarying = !isPart;
    cycle.fresh += 1;
    const count = cycle.count + Math.floor(cycle.fresh / cycle.calls.length);
    return isNear({ count, hint: limits.cycleHint }) ? tally(step, cycle.calls, count) : null;
  };
  const look = (step: Step): Tally | null => {
    for (let period = periodMin; period <= periodMax; period += 1) {
      const before = back(period);
      runs[period] = before !== undefined && isSameCall(before, step) ? (runs[period] ?? 0) + 1 : 0;
    }
    for (let period = periodMin; period <= periodMax; period += 1) {
      const run = runs[period] ?? 0;
      if (run < period) continue;
      const calls = ring.slice(-period);
      if (calls.every((one) => isSameCall(one, calls[0] ?? one))) continue;
      const count = Math.floor(run / period) + 1;
      if (!isNear({ count, hint: limits.cycleHint })) continue;
      found = { calls, count };
      return tally(step, calls, count);
    }
    return interleaved(step);
  };
  const interleaved = (step: Step): Tally | null => {
    if (!step.isTelling && !step.failed) return null;
    for (const period of [2, 3]) {
      const again = (at: number): boolean => isAgain(back(at), back(at + period));
      if (!again(0) || (period === 3 && !again(1) && !again(2))) continue;
      let count = 2;
      while (count < limits.cycleAct + 1 && isAgain(back(0), back(count * period))) count += 1;
      if (!isNear({ count, hint: limits.cycleHint })) continue;
      const calls = ring.slice(-period).map((one, index) => (again(period - 1 - index) ? one : null));
      found = { calls, count };
      return tally(step, calls, count);
    }
    return null;
  };
  return {
    see(step) {
      if (step.kind === 'wait') {
        forget();
        known = null;
        return none;
      }
      ring.push(step);
      if (ring.length > ringMax) ring.shift();
      const one = known === null ? look(step) : goOn(step, known);
      return one === null ? none : [one];
    },
    hinted() {
      // Told once more (the receipt came): what was counted since is not held against it.
      if (known !== null) known.fresh = 0;
      else if (found !== null) known = { calls: found.calls, count: limits.cycleHint, fresh: 0, wasVarying: false };
      forget();
    },
    rest() {
      if (known !== null) known.fresh = 0;
      forget();
    },
    clear() {
      forget();
      known = null;
    },
  };
}

/** The same call with the same result, which says enough to be known by. */
function isAgain(a: Step | undefined, b: Step | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return isSameCall(a, b) && isSameResult(a, b) && (a.isTelling || a.failed);
}
