/**
 * What is kept of a train between rounds and shown of it: `orbit queue` reads it in another process than the one that lands.
 *
 * Owns the shape. Nothing in it is truth: it is a measurement, and the next round would find it out again.
 */
import type { TaskKey } from './id.ts';
import { priorRate, type Gap, type Rate } from './train.ts';

export interface TrainCut {
  /** Changes in it, from the first of the chain. */
  length: number;
  /** `ended`: its verdict was no longer needed, or it could not be had. */
  state: 'validating' | 'green' | 'red' | 'ended';
  /** Since when. */
  at: number;
}

export interface Train {
  /** Full ref that it lands on; one train each. */
  target: string;
  plan: string;
  /** When the chain was built; `null` when nothing is under way. */
  startedAt: number | null;
  /** Commit of the target that the chain stands on. */
  base: string | null;
  /** The chain, first to land first. */
  cars: readonly TaskKey[];
  cuts: readonly TrainCut[];
  /** The single red change that is run again while the chain drives without it. */
  rerun: TaskKey | null;
  gap: Gap | null;
  rate: Rate;
  /** Mean time of a validation that ran checks, in milliseconds; `null` until one did. */
  validationMs: number | null;
  /** The check that was red last. */
  lastRed: string | null;
  /** Changes that were red first and green when they were run again, and the check that the last of them failed. */
  flakes: number;
  flaky: string | null;
}

export function newTrain(plan: string, target: string): Train {
  const idle = { startedAt: null, base: null, cars: [], cuts: [], rerun: null };
  return {
    target,
    plan,
    ...idle,
    gap: null,
    rate: priorRate,
    validationMs: null,
    lastRed: null,
    flakes: 0,
    flaky: null,
  };
}

/** Weight of the latest validation in the mean: some ten of them tell how long checks take by now. */
const latestShare = 0.2;

export function meanMs(mean: number | null, latest: number): number {
  return mean === null ? latest : mean + latestShare * (latest - mean);
}
