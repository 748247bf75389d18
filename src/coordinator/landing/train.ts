/**
 * The record of a plan's train: what is measured, and what `orbit queue` shows while it drives.
 *
 * Owns its writes. Losing any of them costs a validation at most, so they wait for no disk and fail nobody's landing.
 */
import type { Plan } from '../../core/plan.ts';
import { measured, type CutVerdict, type Outcome } from '../../core/train.ts';
import { meanMs, newTrain, type Train } from '../../core/train-record.ts';
import type { Chain } from './chain.ts';
import type { Round } from './lanes.ts';
import type { LandingContext } from './step.ts';

export interface OpenTrain {
  record: Train;
  /** @param aside the chain that drives without the suspect; then `own` is that suspect alone, being run again. */
  start(own: Driven, aside: Driven | null): Promise<void>;
  note(chain: Chain, cut: number, verdict: CutVerdict): Promise<void>;
  /** Ends it without a result: the world changed. */
  stop(): Promise<void>;
  finish(outcome: Outcome, seen: { round: Round; sentBack: boolean }): Promise<void>;
}

export interface Driven {
  chain: Chain;
  cuts: readonly number[];
}

export async function openTrain({ ports }: LandingContext, plan: Plan): Promise<OpenTrain> {
  const { store, clock } = ports;
  const stored = (await store.trains()).find(({ target }) => target === plan.target);
  let record = stored ?? newTrain(plan.id, plan.target);
  const save = async (changes: Partial<Train>): Promise<void> => {
    record = { ...record, ...changes };
    await store.saveTrain(record);
  };
  const idle = { startedAt: null, base: null, cars: [], cuts: [], rerun: null };
  let shown: Chain | null = null;
  return {
    get record() {
      return record;
    },
    start: async (own, aside) => {
      const at = clock.now();
      const { chain, cuts } = aside ?? own;
      shown = chain;
      await save({
        plan: plan.id,
        startedAt: at,
        base: chain.base,
        cars: chain.cars.map(({ entry }) => entry.key),
        cuts: cuts.map((length) => ({ length, state: 'validating', at })),
        rerun: aside === null ? null : (own.chain.cars[0]?.entry.key ?? null),
      });
    },
    note: async (chain, cut, verdict) => {
      if (chain !== shown) return;
      const state = verdict === 'unknown' ? 'ended' : verdict;
      const at = clock.now();
      await save({ cuts: record.cuts.map((one) => (one.length === cut ? { ...one, state, at } : one)) });
    },
    stop: async () => save(idle),
    finish: async (outcome, { round, sentBack }) => {
      const red = [...round.validations.values()].find((one) => one.outcome === 'red');
      await save({
        ...idle,
        gap: outcome.gap,
        rate: measured(record.rate, { landed: outcome.land, back: sentBack ? 1 : 0 }),
        validationMs: round.tookMs.reduce<number | null>(meanMs, record.validationMs),
        ...(outcome.isFlake ? { flakes: record.flakes + 1, flaky: record.lastRed } : {}),
        ...(red?.outcome === 'red' ? { lastRed: red.check } : {}),
      });
    },
  };
}
