/**
 * The same message again and again, with nothing done in between: the model talks to itself.
 *
 * Models that apologise do so in slightly other words each time, so that most words in common are enough; lines of output that
 * count something up are told apart by their numbers.
 */
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

/** Enough of a message to know it by; what is longer is compared by its beginning. */
const comparedLength = 1_000;
/** Fewer words are the same only as a whole: two short messages often share most of them. */
const wordsMin = 8;
/** Share of all words of both that both have. */
const sharedMin = 0.6;

function isAlike(one: string, other: string): boolean {
  const [a, b] = [one.slice(0, comparedLength), other.slice(0, comparedLength)];
  if (numbersOf(a) !== numbersOf(b)) return false;
  const [words, others] = [wordsOf(a), wordsOf(b)];
  if (words.size < wordsMin || others.size < wordsMin) return false;
  let shared = 0;
  for (const word of words) if (others.has(word)) shared += 1;
  return shared >= sharedMin * (words.size + others.size - shared);
}

function numbersOf(text: string): string {
  return text.match(/\d+/g)?.join() ?? '';
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\p{L}+/gu));
}

/** @param isTimed times of events are those of the agent itself, not of a recording that may have none. */
export function sameMessages(limits: Thresholds, isTimed: boolean): SameMessages {
  let heardAt = Number.NEGATIVE_INFINITY;
  let last: { shape: number; words: string } | null = null;
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
      if (last !== null && (shape === last.shape || isAlike(words, last.words))) count += 1;
      else [count, base] = [1, 0];
      last = { shape, words: words.slice(0, comparedLength) };
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
