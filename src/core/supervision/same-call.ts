/**
 * The same call again and again, unbroken by any other: with the same result, or with any.
 *
 * Rests: for declared waits, for polls far apart. A tool that asks after something running is given the longer count.
 */
import { callLine } from './call.ts';
import { isNear, none, type Detector, type Tally } from './detector.ts';
import type { Rule } from './event.ts';
import { isSameCall, isSameResult, resultLine, type Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

export function sameCalls(limits: Thresholds): Detector {
  let last: Step | null = null;
  let first: Step | null = null;
  let [same, any, sameBase, anyBase] = [0, 0, 0, 0];
  /** The usual pause between two different calls: a slow model is not polling. */
  let paceMs = 0;

  const begin = (step: Step | null): void => {
    [same, any, sameBase, anyBase] = step === null ? [0, 0, 0, 0] : [1, 1, 0, 0];
    [last, first] = [step, step];
  };
  const isPolling = (step: Step, before: Step): boolean => {
    const pauseMs = step.startedAt - before.endedAt;
    return pauseMs >= limits.pollS * 1_000 && pauseMs >= paceMs * 3;
  };
  const evidence = (step: Step, count: number): string[] => [
    `${count} times: ${callLine(step)}`,
    `last result: ${resultLine(step)}`,
    `first call ${first?.ordinal ?? step.ordinal}, last call ${step.ordinal}`,
  ];
  const tallies = (step: Step): Tally[] => {
    const [hint, act] = step.isPoll
      ? [limits.sameCallHint, limits.sameCallAct]
      : [limits.sameResultHint, limits.sameResultAct];
    const found: Tally[] = [];
    const count = same + sameBase;
    if (isNear({ count, hint })) {
      const what = `the same call with the same result ${count} times in a row`;
      found.push({
        rule: 'same-result',
        count,
        hint,
        act,
        isHinted: sameBase > 0,
        what,
        since: first?.startedAt ?? step.startedAt,
        evidence: () => evidence(step, count),
      });
    }
    const all = any + anyBase;
    if (!step.isPoll && isNear({ count: all, hint: limits.sameCallHint })) {
      found.push({
        rule: 'same-call',
        count: all,
        hint: limits.sameCallHint,
        act: limits.sameCallAct,
        isHinted: anyBase > 0,
        what: `the same call ${all} times in a row`,
        since: first?.startedAt ?? step.startedAt,
        evidence: () => evidence(step, all),
      });
    }
    return found;
  };
  return {
    see(step) {
      const before: Step | null = last;
      if (step.kind === 'wait') {
        begin(null);
        return none;
      }
      if (before === null || !isSameCall(step, before)) {
        const pauseMs = before === null ? 0 : step.startedAt - before.endedAt;
        paceMs = paceMs === 0 ? pauseMs : paceMs * 0.8 + pauseMs * 0.2;
        begin(step);
        return none;
      }
      if (isPolling(step, before)) {
        begin(step);
        return none;
      }
      any += 1;
      if (isSameResult(step, before)) same += 1;
      else [same, sameBase] = [1, 0];
      last = step;
      return any + anyBase < 2 ? none : tallies(step);
    },
    hinted(rule: Rule) {
      if (rule === 'same-result') sameBase = limits.sameResultHint;
      if (rule === 'same-call') anyBase = limits.sameCallHint;
      [same, any] = [0, 0];
    },
    rest() {
      if (sameBase + anyBase === 0) begin(null);
      else [same, any] = [0, 0];
    },
    clear: () => begin(null),
  };
}
