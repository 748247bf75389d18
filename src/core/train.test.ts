import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { driveBisect, driveSerial, driveTrain, driveWindow, entryOf as entry } from '../../test/support/queue-model.ts';
import {
  chainLength,
  cutsOf,
  judgeCuts,
  measured,
  priorRate,
  standingGap,
  timeLeftMs,
  type Chain,
  type CutVerdict,
  type Gap,
  type TrainRule,
} from './train.ts';

const rule: TrainRule = { lanes: 2, lengthMax: 32, rerunsMax: 1 };

function chainOf(from: number, length: number): Chain {
  const entries = Array.from({ length }, (_, index) => entry(from + index));
  return { entries, trees: Array.from({ length: length + 1 }, (_, index) => `tree${from + index}`) };
}

function gapOf(from: number, length: number, reds = 1): Gap {
  return { entries: chainOf(from, length).entries, base: `tree${from}`, reds };
}

/** [length, gap, lanes, cuts] */
const cutRows: [number, Gap | null, number, number[]][] = [
  [0, null, 2, []],
  [1, null, 4, [1]],
  [8, null, 1, [8]],
  [8, null, 2, [4, 8]],
  [3, null, 8, [1, 2, 3]],
  [13, null, 4, [3, 7, 10, 13]],
  [1, gapOf(1, 1), 2, [1]],
  [2, gapOf(1, 2), 4, [1]],
  [8, gapOf(1, 8), 1, [4]],
  [8, gapOf(1, 8), 3, [2, 4, 6]],
  // Not all of the gap fits any more: a chain like any other.
  [5, gapOf(1, 8), 1, [5]],
];

for (const [length, gap, lanes, cuts] of cutRows) {
  const where = gap === null ? 'a chain' : `a gap of ${gap.entries.length}`;
  test(`P4 ${length} changes of ${where} in ${lanes} lanes are cut at ${cuts.join(', ') || 'nothing'}`, () => {
    expect(cutsOf(length, gap, { ...rule, lanes })).toEqual(cuts);
  });
}

/** [verdicts by cut, what lands, the gap: its first and its last, who goes back], of a chain of eight */
const judgeRows: [Record<number, CutVerdict>, number, [number, number] | null][] = [
  [{ 4: 'green', 8: 'green' }, 8, null],
  [{ 4: 'unknown', 8: 'green' }, 8, null],
  [{ 4: 'green', 8: 'red' }, 4, [5, 8]],
  [{ 4: 'red', 8: 'unknown' }, 0, [1, 4]],
  [{ 4: 'red', 8: 'red' }, 0, [1, 4]],
  // Green above red: a flake or a repair; nothing lands through the red.
  [{ 4: 'red', 8: 'green' }, 0, [1, 4]],
  [{ 4: 'green', 8: 'unknown' }, 4, null],
  [{ 4: 'unknown', 8: 'unknown' }, 0, null],
];

for (const [verdicts, land, gap] of judgeRows) {
  test(`I8 P4 of eight with ${JSON.stringify(verdicts)} ${land} land`, () => {
    const seen = new Map(Object.entries(verdicts).map(([cut, verdict]) => [Number(cut), verdict]));
    const outcome = judgeCuts(chainOf(1, 8), seen, { gap: null, rule });
    expect(outcome.land).toBe(land);
    const found = outcome.gap?.entries.map(({ key }) => key);
    expect(found).toEqual(
      gap === null ? undefined : chainOf(gap[0], gap[1] - gap[0] + 1).entries.map(({ key }) => key),
    );
    expect(outcome.gap?.base).toBe(gap === null ? undefined : `tree${land + 1}`);
    expect([outcome.back, outcome.isFlake]).toEqual([null, false]);
  });
}

test('P4 a single red change is run again before it goes back', () => {
  const first = judgeCuts(chainOf(1, 1), new Map([[1, 'red']]), { gap: null, rule });
  expect(first).toEqual({ land: 0, gap: gapOf(1, 1), back: null, isFlake: false });
  const again = judgeCuts(chainOf(1, 1), new Map([[1, 'red']]), { gap: first.gap, rule });
  expect(again).toEqual({ land: 0, gap: null, back: entry(1), isFlake: false });
  const healed = judgeCuts(chainOf(1, 1), new Map([[1, 'green']]), { gap: first.gap, rule });
  expect(healed).toEqual({ land: 1, gap: null, back: null, isFlake: true });
  const once = judgeCuts(chainOf(1, 1), new Map([[1, 'red']]), { gap: null, rule: { ...rule, rerunsMax: 0 } });
  expect(once.back).toEqual(entry(1));
});

test('P4 what is green inside a gap lands, and what was red at its end stays suspect', () => {
  const seen = new Map<number, CutVerdict>([[3, 'green']]);
  const outcome = judgeCuts(chainOf(1, 4), seen, { gap: gapOf(1, 4), rule });
  expect(outcome).toEqual({
    land: 3,
    gap: { entries: [entry(4)], base: 'tree4', reds: 1 },
    back: null,
    isFlake: false,
  });
});

test('P4 a gap says nothing on another tree, or once one of its changes is gone or was done again', () => {
  const gap = gapOf(1, 2);
  const waiting = [entry(1), entry(2), entry(3)];
  expect(standingGap(gap, 'tree1', waiting)).toBe(gap);
  expect(standingGap(gap, 'tree2', waiting)).toBe(null);
  expect(standingGap(gap, 'tree1', [entry(1), entry(3)])).toBe(null);
  expect(standingGap(gap, 'tree1', [entry(1), { ...entry(2), commit: 'new' }])).toBe(null);
});

test('P4 chains follow the measured failure rate', () => {
  expect(chainLength(null, priorRate, rule)).toBe(13);
  const afterGood = measured(priorRate, { landed: 100, back: 0 });
  expect(chainLength(null, afterGood, rule)).toBe(32);
  let afterBad = priorRate;
  for (let index = 0; index < 30; index += 1) afterBad = measured(afterBad, { landed: 1, back: 1 });
  expect(chainLength(null, afterBad, { ...rule, lanes: 3 })).toBe(3);
  expect(chainLength(gapOf(1, 5), priorRate, rule)).toBe(5);
});

test('P4 the estimate grows with what waits, with failures, and is nothing for an empty queue', () => {
  const estimate = (waiting: number, bad: number): number =>
    timeLeftMs(waiting, { bad, all: 100 }, { rule, validationMs: 60_000 });
  expect(estimate(0, 5)).toBe(0);
  expect(estimate(1, 0)).toBe(60_000);
  expect(estimate(50, 5)).toBeGreaterThan(estimate(25, 5));
  expect(estimate(50, 10)).toBeGreaterThan(estimate(50, 1));
});

test('P4 I8 I10 without flakes exactly the good changes land and the bad ones go back, whatever the lanes', () => {
  const anyQueue = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    lanes: fc.integer({ min: 1, max: 8 }),
    bad: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(anyQueue, ({ count, lanes, bad: picked }) => {
      const bad = new Set(picked.filter((one) => one <= count));
      const { landed, back } = driveTrain({ bad, count, lanes });
      expect(new Set(back)).toEqual(bad);
      expect(landed.length + back.length).toBe(count);
    }),
  );
});

test('P4 I10 with flaky checks everything still lands or goes back, and no bad change lands', () => {
  const anyQueue = fc.record({
    count: fc.integer({ min: 1, max: 30 }),
    lanes: fc.integer({ min: 1, max: 6 }),
    bad: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }),
    flakes: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  });
  fc.assert(
    fc.property(anyQueue, ({ count, lanes, bad: picked, flakes }) => {
      const bad = new Set(picked.filter((one) => one <= count));
      const { landed, back } = driveTrain({ bad, count, lanes, isFlaky: () => flakes.next().value === 0 });
      expect(landed.filter((one) => bad.has(one))).toEqual([]);
      expect(landed.length + back.length).toBe(count);
    }),
  );
});

test('P4 the train needs no more time than the best of the known designs, and fewer validations than the window', () => {
  const order = { count: 50, bad: new Set([7, 19, 33]), lanes: 4 };
  const train = driveTrain(order);
  expect(new Set(train.back)).toEqual(order.bad);
  for (const other of [driveSerial(order), driveBisect(order, 16), driveWindow(order)]) {
    expect(new Set(other.landed)).toEqual(new Set(train.landed));
    expect(train.elapsed).toBeLessThanOrEqual(other.elapsed);
  }
  expect(train.runs).toBeLessThan(driveWindow(order).runs);
});
