/**
 * Landing queues on paper: changes 1 … n, some of them bad, each validation one unit of time. The rules of `core/train.ts` are driven as
 * the coordinator drives them, beside three designs that others use, for tests and for figures.
 */
import {
  chainLength,
  cutsOf,
  isMoot,
  judgeCuts,
  lanesAside,
  measured,
  priorRate,
  standingGap,
  type CutVerdict,
  type Entry,
  type Gap,
  type Outcome,
  type Rate,
  type TrainRule,
} from '../../src/core/train.ts';

export interface QueueOrder {
  count: number;
  bad: ReadonlySet<number>;
  lanes: number;
  /** Whether the next validation is red by chance. */
  isFlaky?: () => boolean;
}

export interface QueueRun {
  landed: readonly number[];
  back: readonly number[];
  /** Rounds in which something was validated, in validations' time. */
  elapsed: number;
  /** Validations begun. */
  runs: number;
}

const never = (): boolean => false;

export function entryOf(number: number): Entry {
  return { key: `001/T${number}`, commit: String(number) };
}

interface State {
  landed: number[];
  back: number[];
  waiting: number[];
  gap: Gap | null;
  rate: Rate;
  greens: Set<string>;
  runs: number;
}

/** @param rule without lanes. Throws when it does not come to an end, or lands what is not green. */
export function driveTrain(
  order: QueueOrder,
  rule: Omit<TrainRule, 'lanes'> = { lengthMax: 32, rerunsMax: 1 },
): QueueRun {
  const { count, lanes } = order;
  const own = { ...rule, lanes };
  const waiting = Array.from({ length: count }, (_, index) => index + 1);
  const state: State = { landed: [], back: [], waiting, gap: null, rate: priorRate, greens: new Set(), runs: 0 };
  let elapsed = 0;
  for (let rounds = 0; state.waiting.length > 0; rounds += 1) {
    if (rounds > 40 * count) throw new Error('the queue never ends');
    const before = state.runs;
    const gap = standingGap(state.gap, state.landed.join(), state.waiting.map(entryOf));
    const length = chainLength(gap, state.rate, own);
    const train = (gap?.entries.map(({ commit }) => Number(commit)) ?? state.waiting).slice(0, length);
    const verdicts = verdictsOf(state, train, { order, cuts: cutsOf(train.length, gap, own) });
    const aside = asideOf(state, train, { order, gap, own });
    const { back } = settle(state, train, { verdicts, gap, own });
    // The suspect was red again, so what was validated without it counts.
    if (back !== null && aside !== null) settle(state, aside.train, { verdicts: aside.verdicts, gap: null, own });
    if (state.runs > before) elapsed += 1;
  }
  return { landed: state.landed, back: state.back, elapsed, runs: state.runs };
}

function asideOf(
  state: State,
  train: readonly number[],
  { order, gap, own }: { order: QueueOrder; gap: Gap | null; own: TrainRule },
): { train: number[]; verdicts: Map<number, CutVerdict> } | null {
  const rule = { ...own, lanes: lanesAside(gap, own) };
  if (rule.lanes === 0) return null;
  const others = state.waiting.filter((one) => !train.includes(one)).slice(0, chainLength(null, state.rate, rule));
  return { train: others, verdicts: verdictsOf(state, others, { order, cuts: cutsOf(others.length, null, rule) }) };
}

function verdictsOf(
  state: State,
  train: readonly number[],
  { order: { bad, isFlaky = never }, cuts }: { order: QueueOrder; cuts: readonly number[] },
): Map<number, CutVerdict> {
  const verdicts = new Map<number, CutVerdict>();
  for (const cut of cuts) {
    const tree = [...state.landed, ...train.slice(0, cut)].join();
    if (state.greens.has(tree)) verdicts.set(cut, 'green');
    else {
      state.runs += 1;
      const isRed = train.slice(0, cut).some((one) => bad.has(one)) || isFlaky();
      if (!isRed) state.greens.add(tree);
      verdicts.set(cut, isMoot(cut, verdicts) ? 'unknown' : isRed ? 'red' : 'green');
    }
  }
  return verdicts;
}

function settle(
  state: State,
  train: readonly number[],
  { verdicts, gap, own }: { verdicts: ReadonlyMap<number, CutVerdict>; gap: Gap | null; own: TrainRule },
): Outcome {
  const trees = Array.from({ length: train.length + 1 }, (_, index) =>
    [...state.landed, ...train.slice(0, index)].join(),
  );
  const outcome = judgeCuts({ entries: train.map(entryOf), trees }, verdicts, { gap, rule: own });
  if (outcome.land > 0 && verdicts.get(outcome.land) !== 'green') throw new Error('what is not green lands');
  const gone = new Set(train.slice(0, outcome.land));
  state.landed.push(...gone);
  if (outcome.back !== null) {
    const number = Number(outcome.back.commit);
    state.back.push(number);
    gone.add(number);
  }
  state.waiting = state.waiting.filter((one) => !gone.has(one));
  state.gap = outcome.gap;
  state.rate = measured(state.rate, { landed: outcome.land, back: outcome.back === null ? 0 : 1 });
  return outcome;
}

/** One change after the other. */
export function driveSerial({ count, bad }: QueueOrder): QueueRun {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const [landed, back] = [all.filter((one) => !bad.has(one)), all.filter((one) => bad.has(one))];
  return { landed, back, elapsed: count, runs: count };
}

/** One batch at a time, split in two when it is red; the second half of a red batch whose first half is green is known to be red. */
export function driveBisect({ count, bad }: QueueOrder, batchSize: number): QueueRun {
  const [landed, back]: [number[], number[]] = [[], []];
  let runs = 0;
  const isRed = (part: readonly number[]): boolean => part.some((one) => bad.has(one));
  const narrow = (part: readonly number[], isKnownRed: boolean): void => {
    if (!isKnownRed) runs += 1;
    if (!isRed(part)) landed.push(...part);
    else if (part.length === 1) back.push(...part);
    else {
      const middle = Math.floor(part.length / 2);
      const [first, second] = [part.slice(0, middle), part.slice(middle)];
      narrow(first, false);
      narrow(second, !isRed(first));
    }
  };
  const all = Array.from({ length: count }, (_, index) => index + 1);
  for (let at = 0; at < count; at += batchSize) narrow(all.slice(at, at + batchSize), false);
  return { landed, back, elapsed: runs, runs };
}

/** A window of as many entries as lanes, each tested on all that are ahead of it; those behind a red one begin anew. */
export function driveWindow({ count, bad, lanes }: QueueOrder): QueueRun {
  const [landed, back]: [number[], number[]] = [[], []];
  let waiting = Array.from({ length: count }, (_, index) => index + 1);
  let [elapsed, runs] = [0, 0];
  while (waiting.length > 0) {
    const window = waiting.slice(0, lanes);
    const red = window.findIndex((one) => bad.has(one));
    landed.push(...window.slice(0, red < 0 ? window.length : red));
    if (red >= 0) back.push(window[red] ?? 0);
    waiting = waiting.slice(red < 0 ? window.length : red + 1);
    elapsed += 1;
    runs += window.length;
  }
  return { landed, back, elapsed, runs };
}
