/**
 * What the scripted model does next: a list of steps chosen by a marker in the prompt, counted by what the conversation itself
 * shows (results and finished turns after the marker), so that a resumed or forked session goes on where it stood.
 *
 * Obstacles (errors, silence, broken streams) leave no trace in a conversation; how often each happened is counted per run.
 */
import type { Conversation, Entry, Usage, Wish } from './conversation.ts';

interface Common {
  /** Words before the call. */
  say?: string;
  thought?: string;
  /** What the model claims to have used for this answer. */
  usage?: Partial<Usage> & {
    /** In place of `input`: a share of the marker's parameter `window`. */
    share?: number;
  };
  /** Milliseconds before the first byte. */
  afterMs?: number;
}

interface Repeated {
  /** How often this call is made before the next step; `Infinity` for ever. 1 unless set. */
  repeat?: number;
}

interface Times {
  /** How often it happens before the next step follows; for ever unless set. */
  times?: number;
}

export type CallStep = Wish & Common & Repeated;
export type SayStep = { do: 'say'; text: string; pieces?: number; pauseMs?: number } & Omit<Common, 'say'>;
export type ErrorStep = {
  do: 'error';
  /** 529 becomes 503 where the wire knows no 529. `'context'`: the prompt is too long. */
  status: number | 'context';
  text?: string;
  retryAfterS?: number;
  headers?: Readonly<Record<string, string>>;
  extra?: Readonly<Record<string, unknown>>;
} & Times;
export type SilenceStep = { do: 'hang' | 'stall' | 'cut' } & Times;
/** Several calls in one answer. */
export type SeveralStep = { do: 'several'; calls: readonly Wish[] } & Common;
export type Step = CallStep | SayStep | ErrorStep | SilenceStep | SeveralStep;

export interface Reaction {
  /** Part of the text, or a pattern; `*` is any later word of the user's. */
  match: string | RegExp;
  steps: readonly Step[];
}

export interface Scenario {
  steps: readonly Step[];
  /** Other steps from the moment a later word of the user's matches (a hint, a further turn). The latest match counts. */
  onHint?: readonly Reaction[];
  /** Other steps when the prompt itself matches, for instance when it tells of an earlier attempt. */
  onPrompt?: readonly Reaction[];
}

export interface Marker {
  /** The whole marker, which is also its key in counters. */
  text: string;
  scenario: string;
  parameters: Readonly<Record<string, string>>;
  /** Index of its entry. */
  at: number;
}

export interface Place {
  marker: Marker;
  /** `steps`, or which reaction. */
  list: string;
  index: number;
  step: Step;
  /** Results after the marker or the hint that counts. */
  results: number;
  /** Words of the user's after the marker. */
  hints: readonly string[];
}

/** Thing that counts how often an obstacle happened. */
export type Counters = Map<string, number>;

const markerPattern = /\[scenario:([\w.-]+)((?:\s+[\w-]+=[^\s\]]+)*)\s*\]/g;

/** The last marker among the user's words. */
export function markerOf(conversation: Conversation): Marker | null {
  for (let at = conversation.entries.length - 1; at >= 0; at -= 1) {
    const entry = conversation.entries[at];
    if (entry === undefined || entry.kind === 'assistant' || entry.kind === 'result') continue;
    const found = [...entry.text.matchAll(markerPattern)].at(-1);
    if (found === undefined) continue;
    const parameters = Object.fromEntries(
      (found[2] ?? '')
        .trim()
        .split(/\s+/)
        .filter((pair) => pair !== '')
        .map(pairOf),
    );
    return { text: found[0], scenario: found[1] ?? '', parameters, at };
  }
  return null;
}

/**
 * The step that is due. Counts an obstacle as happened when it is that.
 *
 * @param run name under which obstacles are counted, beside the marker
 */
export function placeOf(
  conversation: Conversation,
  { marker, scenario, run, counters }: { marker: Marker; scenario: Scenario; run: string; counters: Counters },
): Place {
  const { entries } = conversation;
  const prompt = entries[marker.at]?.text ?? '';
  let from = marker.at + 1;
  let list = 'steps';
  let steps = scenario.steps;
  const told = scenario.onPrompt?.findIndex((reaction) => matches(prompt, reaction)) ?? -1;
  if (told >= 0) [list, steps] = [`onPrompt${told}`, scenario.onPrompt?.[told]?.steps ?? []];
  for (let at = entries.length - 1; at > marker.at; at -= 1) {
    const which = scenario.onHint?.findIndex((reaction) => hears(entries[at], reaction)) ?? -1;
    if (which < 0) continue;
    [list, steps, from] = [`onHint${which}`, scenario.onHint?.[which]?.steps ?? [], at + 1];
    break;
  }
  const later = entries.slice(from);
  let index = walked(steps, later);
  for (; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined || !isObstacle(step)) break;
    const key = [run, marker.text, list, index].join(' ');
    const happened = counters.get(key) ?? 0;
    if (happened >= (step.times ?? Infinity)) continue;
    counters.set(key, happened + 1);
    break;
  }
  return {
    marker,
    list,
    index,
    step: steps[index] ?? { do: 'say', text: 'Nothing is left to do.' },
    results: later.filter((entry) => entry.kind === 'result').length,
    hints: entries.slice(marker.at + 1).flatMap((entry) => (isUsersWord(entry) ? [entry.text] : [])),
  };
}

/** Index of the step after all that the entries show as done; obstacles on the way are passed. */
function walked(steps: readonly Step[], entries: readonly Entry[]): number {
  let index = 0;
  let used = 0;
  const skip = (): void => {
    for (let step = steps[index]; step !== undefined && isObstacle(step); step = steps[index]) index += 1;
  };
  entries.forEach((entry, at) => {
    const next = entries[at + 1];
    const result = entry.kind === 'result';
    const spoken =
      entry.kind === 'assistant' && next !== undefined && next.kind !== 'assistant' && next.kind !== 'result';
    if (!result && !spoken) return;
    const before = index;
    skip();
    const step = steps[index];
    if (step === undefined || (step.do === 'say') !== spoken) {
      index = before;
      return;
    }
    used += 1;
    if (used < neededOf(step)) return;
    index += 1;
    used = 0;
  });
  return index;
}

function neededOf(step: Step): number {
  if (step.do === 'several') return step.calls.length;
  return 'repeat' in step ? (step.repeat ?? 1) : 1;
}

function isObstacle(step: Step): step is ErrorStep | SilenceStep {
  return step.do === 'error' || step.do === 'hang' || step.do === 'stall' || step.do === 'cut';
}

function hears(entry: Entry | undefined, reaction: Reaction): boolean {
  if (entry === undefined || entry.kind === 'assistant' || entry.kind === 'result') return false;
  return reaction.match === '*' ? isUsersWord(entry) : matches(entry.text, reaction);
}

/** One program puts it before everything that its user says. */
const timeOfDay = /^\s*<current_datetime>[^<]*<\/current_datetime>/;

function isUsersWord(entry: Entry): boolean {
  return (
    (entry.kind === 'user' && !entry.text.replace(timeOfDay, '').trimStart().startsWith('<')) ||
    (entry.kind === 'system' && /user sent a new message/i.test(entry.text))
  );
}

function matches(text: string, { match }: Reaction): boolean {
  return typeof match === 'string' ? text.includes(match) : match.test(text);
}

function pairOf(pair: string): [string, string] {
  const [key = '', ...value] = pair.split('=');
  return [key, value.join('=')];
}
