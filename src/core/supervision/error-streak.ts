/**
 * Errors in a row: the same text, or failed calls whatever their text (C7).
 *
 * A success that brought something ends both; one that brought nothing new does not. Errors are compared without their
 * numbers, because line, port and count change while the error stays.
 */
import { isNear, none, type Detector, type Tally } from './detector.ts';
import type { Rule } from './event.ts';
import { stepLine, type Step } from './step.ts';
import { errorShape, hashText, shortText } from './text-shape.ts';
import type { Thresholds } from './thresholds.ts';

export interface ErrorStreaks extends Detector {
  /** An error that belongs to no call. */
  hear(text: string, at: number): readonly Tally[];
  /** Something was achieved. */
  succeed(): void;
}

const linesMax = 5;
const tellingLength = 16;

export function errorStreaks(limits: Thresholds): ErrorStreaks {
  let shape: number | null = null;
  let [same, sameBase, exits, exitsBase] = [0, 0, 0, 0];
  let words = '';
  let lines: string[] = [];
  let since = 0;

  const forget = (): void => {
    shape = null;
    [same, sameBase, exits, exitsBase] = [0, 0, 0, 0];
    lines = [];
  };
  const count = (error: { shape: number; text: string; line: string; at: number }): void => {
    if (lines.length === 0) since = error.at;
    if (error.shape === shape) same += 1;
    else [same, sameBase] = [1, 0];
    shape = error.shape;
    words = shortText(error.text, 300);
    lines.push(error.line);
    if (lines.length > linesMax) lines.shift();
  };
  const tallies = (): readonly Tally[] => {
    const found: Tally[] = [];
    const sameCount = same + sameBase;
    const evidence = (): string[] => [`the same error ${sameCount} times, as in:`, ...lines];
    if (isNear({ count: sameCount, hint: limits.sameErrorHint })) {
      const [hint, act] = [limits.sameErrorHint, limits.sameErrorAct];
      const what = `${sameCount} errors in a row: ${words}`;
      found.push({ rule: 'same-error', count: sameCount, hint, act, isHinted: sameBase > 0, what, since, evidence });
    }
    const exitCount = exits + exitsBase;
    if (isNear({ count: exitCount, hint: limits.failedExitsHint })) {
      const [hint, act] = [limits.failedExitsHint, limits.failedExitsAct];
      const what = `${exitCount} failed calls in a row, the last: ${words}`;
      found.push({
        rule: 'failed-exits',
        count: exitCount,
        hint,
        act,
        isHinted: exitsBase > 0,
        what,
        since,
        evidence: () => [...lines],
      });
    }
    return found;
  };
  return {
    see(step: Step) {
      if (!step.isAnswered || !step.failed || step.kind === 'wait') return none;
      const isTelling = step.text.trim().length >= tellingLength;
      exits += 1;
      count({
        // A short error is only the same where the call is.
        shape: isTelling ? step.shape : hashText(`${step.signature} ${step.shape}`),
        text: step.text === '' ? `exit code ${step.exitCode ?? 'unknown'}` : step.text,
        line: stepLine(step),
        at: step.startedAt,
      });
      return tallies();
    },
    hear(text, at) {
      count({ shape: errorShape(text), text, line: `error: ${shortText(text, 200)}`, at });
      return tallies();
    },
    succeed: forget,
    hinted(rule: Rule) {
      if (rule === 'same-error') sameBase = limits.sameErrorHint;
      if (rule === 'failed-exits') exitsBase = limits.failedExitsHint;
      [same, exits] = [0, 0];
    },
    rest() {
      if (sameBase + exitsBase === 0) forget();
      else [same, exits] = [0, 0];
    },
    clear: forget,
  };
}
