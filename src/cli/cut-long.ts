/**
 * Cuts what is too long to be read out of messages: whoever calls with 100 kB where a name is expected learns what is wrong with it, and
 * does not get the 100 kB back.
 *
 * Owns how much is shown: the head of each long argument and of each word without end, and how much was left out. Everything else of a
 * message stays whole, for its end is often what counts: the last lines of a check.
 */
import { printable } from '../platform/text.ts';

/** Characters of an argument that a message shows. A path of a person's is shorter; what is longer nobody reads. */
const argumentLengthMax = 400;
/** Characters without a blank between them: longer ones came in by a file or were changed on the way. A path may be longer than an argument. */
const wordLengthMax = 1_000;
/** Characters of a whole message: four times the output of a check (`limits.checkTailBytes`), the longest thing that one carries. */
const messageLengthMax = 16_384;

export interface LongCutter {
  /** A message or hint: long arguments, words without end, and what is too much in all. */
  message: (text: string) => string;
  /** What a command answers that could not do all of it: only the arguments that its messages name. Lists and logs stay whole. */
  answer: (text: string) => string;
  /** {@link LongCutter.answer} for every text in the data of such an answer. */
  data: (value: unknown) => unknown;
}

/** @param args those of this call, as they were given. */
export function longCutter(args: readonly string[]): LongCutter {
  const pieces = new Set(args.flatMap(formsOf).filter((piece) => piece.length > argumentLengthMax));
  // The longest first: one may hold another.
  const long = [...pieces].toSorted((one, other) => other.length - one.length);
  const answer = (text: string): string =>
    long.reduce((rest, piece) => rest.replaceAll(piece, () => head(piece, argumentLengthMax)), text);
  return {
    answer,
    message: (text) => inAll(answer(text).replace(endless, (word) => head(word, argumentLengthMax))),
    data: (value) => (long.length === 0 ? value : inTexts(value, answer)),
  };
}

function inTexts(value: unknown, cut: (text: string) => string): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.map((item) => inTexts(item, cut));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inTexts(item, cut)]));
}

const endless = new RegExp(`\\S{${wordLengthMax + 1},}`, 'g');

/** As it may stand in a message: whole or the value of a flag, bare, in quotes, or made harmless for a screen. */
function formsOf(arg: string): string[] {
  if (arg.length <= argumentLengthMax) return [];
  const value = arg.startsWith('-') && arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : arg;
  return [arg, value].flatMap((text) => [text, text.trim(), printable(text)]).flatMap((text) => [text, quoted(text)]);
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function head(text: string, length: number): string {
  return `${text.slice(0, length).toWellFormed()}… (${text.length - length} more characters)`;
}

/** Both ends of what is too much in all. */
function inAll(text: string): string {
  if (text.length <= messageLengthMax) return text;
  const half = messageLengthMax / 2;
  const left = text.length - messageLengthMax;
  return `${text.slice(0, half).toWellFormed()}\n… (${left} more characters)\n${text.slice(-half).toWellFormed()}`;
}
