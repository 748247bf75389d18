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

const linesMax = 5;
const tellingLength = 16;

interface SeenError {
  shape: number;
  text: string;
  line: string;
  at: number;
}

export class ErrorStreaks implements Detector {
  readonly #limits: Thresholds;
  #last: SeenError | null = null;
  #lines: string[] = [];
  #since = 0;
  #same = 0;
  #sameTold = 0;
  #exits = 0;
  #exitsTold = 0;

  constructor(limits: Thresholds) {
    this.#limits = limits;
  }

  see(step: Step): readonly Tally[] {
    if (!step.isAnswered || !step.failed || step.kind === 'wait') return none;
    const isTelling = step.text.trim().length >= tellingLength;
    this.#exits += 1;
    this.#count({
      // A short error is only the same where the call is.
      shape: isTelling ? step.shape : hashText(`${step.signature} ${step.shape}`),
      text: step.text === '' ? `exit code ${step.exitCode ?? 'unknown'}` : step.text,
      line: stepLine(step),
      at: step.startedAt,
    });
    return this.#tallies();
  }

  /** An error that belongs to no call. */
  hear(text: string, at: number): readonly Tally[] {
    this.#count({ shape: errorShape(text), text, line: `error: ${shortText(text, 200)}`, at });
    return this.#tallies();
  }

  hinted(rule: Rule): void {
    if (rule === 'same-error') this.#sameTold = this.#limits.sameErrorHint;
    if (rule === 'failed-exits') this.#exitsTold = this.#limits.failedExitsHint;
    [this.#same, this.#exits] = [0, 0];
  }

  rest(): void {
    if (this.#sameTold + this.#exitsTold === 0) this.clear();
    else [this.#same, this.#exits] = [0, 0];
  }

  /** Also where something was achieved. */
  clear(): void {
    this.#last = null;
    this.#lines = [];
    [this.#same, this.#sameTold, this.#exits, this.#exitsTold] = [0, 0, 0, 0];
  }

  #count(error: SeenError): void {
    if (this.#last === null) this.#since = error.at;
    if (error.shape === this.#last?.shape) this.#same += 1;
    else [this.#same, this.#sameTold] = [1, 0];
    this.#last = error;
    this.#lines.push(error.line);
    if (this.#lines.length > linesMax) this.#lines.shift();
  }

  #tallies(): readonly Tally[] {
    const { sameErrorHint, sameErrorAct, failedExitsHint, failedExitsAct } = this.#limits;
    const found: Tally[] = [];
    const lines = this.#lines;
    const since = this.#since;
    const words = shortText(this.#last?.text ?? '', 300);
    const same = this.#same + this.#sameTold;
    if (isNear({ count: same, hint: sameErrorHint })) {
      const what = `${same} errors in a row: ${words}`;
      const evidence = (): string[] => [`the same error ${same} times, as in:`, ...lines];
      const isHinted = this.#sameTold > 0;
      found.push({
        rule: 'same-error',
        count: same,
        hint: sameErrorHint,
        act: sameErrorAct,
        isHinted,
        what,
        since,
        evidence,
      });
    }
    const exits = this.#exits + this.#exitsTold;
    if (isNear({ count: exits, hint: failedExitsHint })) {
      const what = `${exits} failed calls in a row, the last: ${words}`;
      const [hint, act, isHinted] = [failedExitsHint, failedExitsAct, this.#exitsTold > 0];
      found.push({ rule: 'failed-exits', count: exits, hint, act, isHinted, what, since, evidence: () => [...lines] });
    }
    return found;
  }
}
