/**
 * The prefix train: which finished changes are validated together, how many of them land, and which one goes back (P4).
 *
 * Words: the *chain* is waiting changes merged one upon the other onto the target; a *cut* is a beginning of the chain, named by its
 * length, that is validated as one tree; the *gap* is a stretch of changes known to hold something red.
 *
 * Owns every choice of the landing queue. Pure: it sees verdicts, moves nothing. Invariants: what lands is a cut with a green verdict
 * (I8) below the first red one; a gap gets shorter with each round of verdicts, down to one change, which gets its reruns and then goes
 * back (I10); nothing is kept here that the next round could not find out again, so losing it costs time alone.
 */
import type { TaskKey } from './id.ts';

/** A change that waits: the task, and the commit that it hands in. */
export interface Entry {
  key: TaskKey;
  commit: string;
}

export interface Gap {
  /** In the order of their chain. Together they were seen red on `base`; fewer of them were not. */
  entries: readonly Entry[];
  /** The tree that they were merged onto: on any other the verdict says nothing. */
  base: string;
  /** How often the last of them was seen red with nothing but green ones ahead of it. Counts for a gap of one alone. */
  reds: number;
}

/** What was measured about changes of one target. Old measurements fade. */
export interface Rate {
  /** Changes that went back red. */
  bad: number;
  /** All changes that landed or went back red. */
  all: number;
}

export interface TrainRule {
  /** Cuts validated at once. */
  lanes: number;
  /** Changes in one chain at most. */
  lengthMax: number;
  /** Times that a single red change is validated again before it goes back. */
  rerunsMax: number;
}

/** `unknown`: ended early or never run; it says nothing. */
export type CutVerdict = 'green' | 'red' | 'unknown';

/**
 * Nothing is known of a new target: one bad change in twenty, as a prior worth twenty changes. Chains are then 13 long; a wrong guess is
 * corrected after some ten changes.
 */
export const priorRate: Rate = { bad: 1, all: 20 };

/** Share of weight that a measurement keeps with each change after it: after 34 changes it counts half. */
const fading = 0.98;

/** Above this failure rate chains cost more than they save, and every change is a cut (figures of the simulation in bench/queue.ts). */
const spacedRateMax = 0.2;

export function failureRate({ bad, all }: Rate): number {
  return all <= 0 ? priorRate.bad / priorRate.all : Math.min(bad / all, 1);
}

/** The rate after `landed` changes landed and `back` went back red. */
export function measured(rate: Rate, { landed, back }: { landed: number; back: number }): Rate {
  const kept = fading ** (landed + back);
  return { bad: rate.bad * kept + back, all: rate.all * kept + landed + back };
}

/** The gap as far as it still says something: same tree below it, all of its changes still waiting as they were. */
export function standingGap(gap: Gap | null, base: string, waiting: readonly Entry[]): Gap | null {
  if (gap === null || gap.base !== base || gap.entries.length === 0) return null;
  const commits = new Map(waiting.map(({ key, commit }) => [key, commit]));
  return gap.entries.every(({ key, commit }) => commits.get(key) === commit) ? gap : null;
}

/**
 * How many changes the next chain holds at most. With failures independent, `ln 2 / p` of them are all green half of the time, which
 * is where one validation tells most.
 */
export function chainLength(gap: Gap | null, rate: Rate, { lanes, lengthMax }: TrainRule): number {
  if (gap !== null) return gap.entries.length;
  const p = failureRate(rate);
  if (p > spacedRateMax) return Math.min(lanes, lengthMax);
  return Math.max(1, Math.min(Math.floor(Math.LN2 / p), lengthMax));
}

/**
 * Lengths of the cuts to validate at once, ascending and evenly spaced. Without a gap the last is the whole chain. Inside a gap the end is
 * known to be red, so cuts lie before it; a gap of one is validated once more.
 */
export function cutsOf(length: number, gap: Gap | null, { lanes }: TrainRule): number[] {
  if (length === 0) return [];
  const isInGap = gap !== null && length === gap.entries.length && length > 1;
  const last = isInGap ? length - 1 : length;
  const count = Math.min(lanes, last);
  const parts = isInGap ? count + 1 : count;
  const cuts = Array.from({ length: count }, (_, index) => Math.round((length * (index + 1)) / parts));
  return [...new Set(cuts.map((cut) => Math.min(Math.max(cut, 1), last)))];
}

/**
 * Lanes left for a chain of the others while a single red change is run again: it will most likely be red once more, and then what was
 * validated beside it counts.
 */
export function lanesAside(gap: Gap | null, { lanes }: TrainRule): number {
  return gap?.entries.length === 1 ? lanes - 1 : 0;
}

export interface Chain {
  entries: readonly Entry[];
  /** The tree after so many entries; `trees[0]` is the target's. */
  trees: readonly string[];
}

export interface Outcome {
  /** So many entries land, from the first; 0: none. */
  land: number;
  gap: Gap | null;
  /** The one change that goes back. */
  back: Entry | null;
  /** A change that was red lands after all: its check is not to be trusted. */
  isFlake: boolean;
}

/** What follows from a round of verdicts, by length of cut. */
export function judgeCuts(
  chain: Chain,
  verdicts: ReadonlyMap<number, CutVerdict>,
  { gap, rule }: { gap: Gap | null; rule: TrainRule },
): Outcome {
  const { entries, trees } = chain;
  const isGap = gap !== null && entries.length === gap.entries.length;
  const reds = [...verdicts].flatMap(([cut, verdict]) => (verdict === 'red' ? [cut] : []));
  const seen = reds.length > 0 ? Math.min(...reds) : null;
  // The end of a gap was seen red before; only a gap of one is looked at again.
  const known = isGap && entries.length > 1 ? entries.length : null;
  const firstRed = seen ?? known;
  const greens = [...verdicts].flatMap(([cut, verdict]) =>
    verdict === 'green' && (firstRed === null || cut < firstRed) ? [cut] : [],
  );
  const land = Math.max(0, ...greens);
  if (firstRed === null) return { land, gap: land > 0 ? null : gap, back: null, isFlake: isGap && land > 0 };
  const rest = entries.slice(land, firstRed);
  const times = isGap && entries.length === 1 ? gap.reds + 1 : 1;
  const [only] = rest;
  if (rest.length === 1 && only !== undefined && times > rule.rerunsMax)
    return { land, gap: null, back: only, isFlake: false };
  return { land, gap: { entries: rest, base: trees[land] ?? '', reds: times }, back: null, isFlake: false };
}

/** Which cuts need no verdict any more: shorter ones than a green, longer ones than a red. */
export function isMoot(cut: number, verdicts: ReadonlyMap<number, CutVerdict>): boolean {
  for (const [other, verdict] of verdicts) {
    if (verdict === 'green' && cut < other) return true;
    if (verdict === 'red' && cut > other) return true;
  }
  return false;
}

/**
 * Milliseconds until so many changes have landed or gone back, from the failure rate and the mean time of a validation. An estimate: each
 * full chain takes one round, each bad change as many more as it takes to find it among the others and to run it again.
 */
export function timeLeftMs(
  waiting: number,
  rate: Rate,
  { rule, validationMs }: { rule: TrainRule; validationMs: number },
): number {
  if (waiting <= 0) return 0;
  const p = failureRate(rate);
  const length = chainLength(null, rate, rule);
  const spacing = Math.max(1, length / rule.lanes);
  const toFind = Math.log(spacing) / Math.log(rule.lanes + 1) + 1 + rule.rerunsMax;
  return Math.round((Math.ceil(waiting / length) + waiting * p * toFind) * validationMs);
}
