import { expect, test } from 'vitest';
import { fakeClock, type FakeClock } from '../../test/support/fake-clock.ts';
import type { Pulse } from '../core/attempt.ts';
import { limits } from '../core/limits.ts';
import { OperationalError } from '../platform/error.ts';
import { startBeating, type Beating } from './beat.ts';
import type { Ending } from './runner.ts';

interface Run {
  clock: FakeClock;
  beating: Beating;
  pulses: Pulse[];
  lost: Ending[];
  answer: () => Promise<boolean>;
}

const idle: Beating = {
  first: Promise.resolve(),
  now: async () => undefined,
  soon: () => undefined,
  stop: () => undefined,
};

function begin(answer: () => Promise<boolean>): Run {
  const clock = fakeClock();
  const run: Run = { clock, pulses: [], lost: [], answer, beating: idle };
  const seen = {
    step: 1,
    activeAt: 0,
    doing: 'works',
    runner: null,
    agent: null,
    tokens: 0,
    costUsd: 0,
    contextUsed: null,
    contextSize: null,
    todo: null,
    session: null,
    model: null,
  };
  run.beating = startBeating({
    store: {
      beat: async (_token, pulse) => {
        run.pulses.push(pulse);
        return run.answer();
      },
    },
    clock,
    token: 7,
    limits,
    look: () => seen,
    onLost: (ending) => run.lost.push(ending),
    log: () => undefined,
  });
  return run;
}

const away = async (): Promise<boolean> => {
  throw new OperationalError('store-busy', 'busy', { hint: 'wait', retryable: true });
};

test('C1 D11 what changed is told within two seconds, however often it changes', async () => {
  const run = begin(async () => true);
  await run.clock.advance(100);
  for (let change = 0; change < 100; change += 1) run.beating.soon();
  await run.clock.advance(limits.pulseIntervalMs);
  expect(run.pulses).toHaveLength(2);
  run.beating.soon();
  run.beating.stop();
  await run.clock.advance(10_000);
  expect(run.pulses).toHaveLength(2);
});

test('D5 E10 beats at once and every 5 s, each for a whole lease', async () => {
  const run = begin(async () => true);
  await run.clock.advance(20_000);
  const start = run.pulses[0]?.at ?? 0;
  expect(run.pulses.map(({ at }) => at - start)).toEqual([0, 5_000, 10_000, 15_000, 20_000]);
  expect(run.pulses.every(({ at, expiresAt }) => expiresAt === at + 30_000)).toBe(true);
  await run.beating.first;
  run.beating.stop();
  await run.clock.advance(60_000);
  expect(run.pulses).toHaveLength(5);
  expect(run.lost).toEqual([]);
});

test('P3 a refused beat ends the attempt at once and for good', async () => {
  const run = begin(async () => true);
  await run.clock.advance(4_000);
  run.answer = async () => false;
  await run.clock.advance(1_000);
  expect(run.lost).toMatchObject([{ as: 'lost' }]);
  await run.clock.advance(100_000);
  expect(run.lost).toHaveLength(1);
  expect(run.pulses).toHaveLength(2);
});

test('C1 a beat out of turn tells at once what changed', async () => {
  const run = begin(async () => true);
  await run.clock.advance(1_000);
  await run.beating.now();
  expect(run.pulses).toHaveLength(2);
  await run.clock.advance(4_000);
  expect(run.pulses).toHaveLength(3);
});

test('D5 without a confirmed beat the agent is stopped after three quarters of the lease', async () => {
  const run = begin(async () => true);
  await run.clock.advance(10_000);
  run.answer = away;
  await run.clock.advance(22_499);
  expect(run.lost).toEqual([]);
  await run.clock.advance(1);
  expect(run.lost).toMatchObject([{ as: 'failed', outcome: 'lost' }]);
});

test('D5 a store that hangs does not hold up the stop', async () => {
  const run = begin(async () => new Promise(() => undefined));
  await run.clock.advance(22_500);
  await run.beating.first;
  expect(run.lost).toMatchObject([{ as: 'failed', outcome: 'lost' }]);
});

test('D5 a failed beat is tried again before the next is due, and one that counts resets the patience', async () => {
  const run = begin(away);
  await run.clock.advance(5_000);
  expect(run.pulses).toHaveLength(6);
  run.answer = async () => true;
  await run.clock.advance(20_000);
  expect(run.lost).toEqual([]);
});

test('D5 a jump of the wall clock stops nothing: patience counts on the monotonic clock', async () => {
  const run = begin(async () => true);
  await run.clock.advance(6_000);
  run.clock.jump(8 * 3_600_000);
  await run.clock.advance(4_000);
  expect(run.lost).toEqual([]);
  expect(run.pulses.at(-1)?.expiresAt).toBe(run.clock.now() + 30_000);
});
