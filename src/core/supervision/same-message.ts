/** The same message again and again, with nothing done in between: the model talks to itself. */
import { isNear, none, type Tally } from './detector.ts';
import { callShape, hashText, shortText } from './text-shape.ts';
import type { Thresholds } from './thresholds.ts';

export interface SameMessages {
  hear(text: string, at: number): readonly Tally[];
  hinted(): void;
  rest(): void;
  clear(): void;
}

const tellingLength = 16;

/** Faster than any model answers: lines of one output. */
const outputMs = 20;

/** @param isTimed times of events are those of the agent itself, not of a recording that may have none. */
export function sameMessages(limits: Thresholds, isTimed: boolean): SameMessages {
  let heardAt = Number.NEGATIVE_INFINITY;
  let last: number | null = null;
  let [count, base] = [0, 0];
  const forget = (): void => {
    last = null;
    [count, base] = [0, 0];
  };
  return {
    hear(text, at) {
      const isOutput = isTimed && at - heardAt < outputMs;
      heardAt = at;
      if (isOutput) {
        forget();
        return none;
      }
      const words = text.trim();
      if (words.length < tellingLength) return none;
      const shape = hashText(callShape(words));
      if (shape === last) count += 1;
      else [count, base] = [1, 0];
      last = shape;
      const all = count + base;
      const [hint, act] = [limits.sameMessageHint, limits.sameMessageAct];
      if (!isNear({ count: all, hint })) return none;
      const what = `the same message ${all} times in a row`;
      const evidence = (): string[] => [`${all} times: ${shortText(words, 300)}`];
      return [{ rule: 'same-message', count: all, hint, act, isHinted: base > 0, what, evidence }];
    },
    hinted() {
      base = limits.sameMessageHint;
      count = 0;
    },
    rest() {
      if (base === 0) forget();
      else count = 0;
    },
    clear: forget,
  };
}
