import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  afterHint,
  isBusy,
  newObservation,
  observe,
  observeTree,
  watch,
  type Observation,
  type Sign,
  type WatchLimits,
} from './watch.ts';

const limits: WatchLimits = {
  timeMs: 3_600_000,
  costUsd: null,
  errorStreakHint: 3,
  errorStreakEnd: 5,
  silenceHintMs: 60_000,
  silenceMs: 300_000,
  canHint: true,
};
const error = (text: string, critical = false): Sign => ({ type: 'error', text, critical });
const after = (...signs: Sign[]): Observation =>
  signs.reduce((seen, sign) => observe(seen, sign, 0), newObservation(0, 0));
const silent = (): Observation => observeTree(newObservation(0, 0), false, 10_000);

test('C7 three errors in a row are hinted at once, five end the attempt with the error as its reason', () => {
  const three = after(error('port 3001 is taken'), error('port 3002 is taken'), error('port 3003 is taken'));
  expect(watch(three, limits, 0)).toMatchObject({
    type: 'hint',
    rule: 'error-streak',
    text: expect.stringContaining('3003'),
  });
  const hinted = afterHint(three, 'error-streak');
  expect(watch(hinted, limits, 0)).toEqual({ type: 'continue' });
  const five = [error('port 1 is taken'), error('port 2 is taken')].reduce(
    (seen, sign) => observe(seen, sign, 0),
    hinted,
  );
  expect(watch(five, limits, 0)).toMatchObject({
    type: 'end',
    outcome: 'failed',
    reason: '5 errors in a row: port 2 is taken',
  });
});

test('C7 three errors in a row end an attempt that no hint can reach', () => {
  const three = after(error('same'), error('same'), error('same'));
  expect(watch(three, { ...limits, canHint: false }, 0)).toMatchObject({ type: 'end', rule: 'error-streak' });
});

test('C7 another error or a success begins a new streak, a thought does not', () => {
  const seen = after(
    error('a'),
    error('a'),
    { type: 'activity' },
    error('a'),
    { type: 'success' },
    error('a'),
    error('b'),
  );
  expect(seen.errors).toEqual({ text: 'b', count: 1 });
  expect(after(error('a'), { type: 'activity' }, error('a')).errors.count).toBe(2);
});

test('B4 a critical error ends the attempt', () => {
  expect(watch(after(error('no login', true)), limits, 0)).toMatchObject({
    type: 'end',
    outcome: 'failed',
    reason: 'critical error: no login',
  });
});

test('P7 the time left for the task ends the attempt, also of a busy agent', () => {
  const busy = observe(newObservation(0, 0), { type: 'activity' }, 3_599_999);
  expect(watch(busy, limits, 3_599_999)).toEqual({ type: 'continue' });
  expect(watch(busy, limits, 3_600_000)).toMatchObject({ type: 'end', outcome: 'timeout', rule: 'time' });
});

test('P7 the money left for the task ends the attempt', () => {
  const seen = after({ type: 'cost', costUsd: 2.5 });
  expect(watch(seen, { ...limits, costUsd: 2.51 }, 0)).toEqual({ type: 'continue' });
  expect(watch(seen, { ...limits, costUsd: 2.5 }, 0)).toMatchObject({ type: 'end', rule: 'cost' });
});

test('C6 silence with an idle tree is asked about after 60 s and ended after 300 s', () => {
  expect(watch(silent(), limits, 59_999)).toEqual({ type: 'continue' });
  expect(watch(silent(), limits, 60_000)).toMatchObject({ type: 'hint', rule: 'silence' });
  expect(watch(afterHint(silent(), 'silence'), limits, 299_999)).toEqual({ type: 'continue' });
  expect(watch(silent(), limits, 300_000)).toMatchObject({ type: 'end', outcome: 'stalled' });
});

test('C6 a silent agent whose processes work, or cannot be seen, is left alone', () => {
  for (const busy of [true, null]) {
    const seen = observeTree(silent(), busy, 299_000);
    expect(watch(seen, limits, 1_000_000)).toEqual({ type: 'continue' });
    expect(watch(observeTree(seen, false, 299_500), limits, 300_000)).toEqual({ type: 'continue' });
  }
});

test('C6 one that spoke after the hint gets a fresh hint later, not the end', () => {
  const spoke = observe(afterHint(silent(), 'silence'), { type: 'activity' }, 100_000);
  const again = observeTree(spoke, false, 105_000);
  expect(watch(again, limits, 159_999)).toEqual({ type: 'continue' });
  expect(watch(again, limits, 160_000)).toMatchObject({ type: 'hint', rule: 'silence' });
});

const sign: fc.Arbitrary<Sign> = fc.oneof(
  fc.record({ type: fc.constant('activity' as const) }),
  fc.record({ type: fc.constant('success' as const) }),
  fc.record({ type: fc.constant('cost' as const), costUsd: fc.double({ min: 0, max: 9, noNaN: true }) }),
  fc.record({ type: fc.constant('error' as const), text: fc.constantFrom('a', 'b'), critical: fc.constant(false) }),
);

test('P5 no agent that gives a sign within the limit is ever called stalled, whatever else happens', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(sign, fc.nat(299_999), fc.constantFrom(true, false, null))), (course) => {
      let now = 0;
      let seen = newObservation(0, 0);
      for (const [next, pauseMs, busy] of course) {
        seen = observeTree(seen, busy, now);
        now += pauseMs;
        expect(watch(seen, { ...limits, timeMs: Number.POSITIVE_INFINITY }, now)).not.toMatchObject({
          outcome: 'stalled',
        });
        seen = observe(seen, next, now);
      }
    }),
  );
});

test('every attempt ends: whatever signs come, its time runs out', () => {
  fc.assert(
    fc.property(fc.array(sign), (signs) => {
      expect(watch(after(...signs), limits, limits.timeMs).type).toBe('end');
    }),
  );
});

test('C6 new processes, processor time and moved bytes are work; timers are not', () => {
  const sample = (at: number, processes: Record<string, [cpuMs: number, ioBytes: number | null]>) => ({
    at,
    processes: new Map(Object.entries(processes).map(([id, [cpuMs, ioBytes]]) => [id, { cpuMs, ioBytes }])),
  });
  const allowance = { idleCpuShare: 0.02, idleIoBytes: 4_096 };
  const before = sample(0, { a: [100, 100], b: [100, null] });
  expect(isBusy(before, sample(5_000, { a: [150, 200], b: [100, null] }), allowance)).toBe(false);
  expect(isBusy(before, sample(5_000, { a: [100, 100] }), allowance)).toBe(false);
  expect(isBusy(before, sample(5_000, { a: [250, 100] }), allowance)).toBe(true);
  expect(isBusy(before, sample(5_000, { a: [100, 9_000] }), allowance)).toBe(true);
  expect(isBusy(before, sample(5_000, { a: [100, 100], c: [0, 0] }), allowance)).toBe(true);
});
