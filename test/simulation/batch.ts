/** What many runs together came through, and the words for it. */
import type { Outcome } from './outcome.ts';
import { simulate } from './simulation.ts';

export interface Batch {
  seeds: number;
  failed: number;
  /** Outcomes with a violation, by the invariant that broke. */
  failures: Map<string, Outcome[]>;
  steps: number;
  events: number;
  simulatedMs: number;
  faults: Map<string, number>;
  /** Landmark → in how many seeds, and how often in all. */
  reached: Map<string, { seeds: number; times: number }>;
}

export function newBatch(): Batch {
  return {
    seeds: 0,
    failed: 0,
    failures: new Map(),
    steps: 0,
    events: 0,
    simulatedMs: 0,
    faults: new Map(),
    reached: new Map(),
  };
}

export function addOutcome(batch: Batch, outcome: Outcome): void {
  batch.seeds += 1;
  batch.steps += outcome.steps;
  batch.events += outcome.events;
  batch.simulatedMs += outcome.elapsedMs;
  if (outcome.violation !== null) {
    batch.failed += 1;
    const { invariant } = outcome.violation;
    batch.failures.set(invariant, [...(batch.failures.get(invariant) ?? []), outcome]);
  }
  for (const [kind, times] of outcome.faults) batch.faults.set(kind, (batch.faults.get(kind) ?? 0) + times);
  for (const [landmark, times] of outcome.reached) {
    const before = batch.reached.get(landmark) ?? { seeds: 0, times: 0 };
    batch.reached.set(landmark, { seeds: before.seeds + 1, times: before.times + times });
  }
}

/** The whole table; `elapsedMs` is real time. */
export function tellBatch(batch: Batch, elapsedMs: number): string {
  const { seeds, failed, steps, events, simulatedMs, faults, reached } = batch;
  const perSecond = seeds / (elapsedMs / 1_000);
  const lines = [
    `${seeds} seeds, ${failed} failed; ${steps} steps, ${events} events, ${(simulatedMs / 3_600_000).toFixed(1)} h simulated in ${(elapsedMs / 1_000).toFixed(1)} s (${perSecond.toFixed(1)} seeds/s)`,
    'faults',
    ...rows([...faults].map(([kind, times]) => [kind, String(times)])),
    'sometimes (seeds, times)',
    ...rows([...reached].map(([landmark, at]) => [landmark, `${at.seeds}, ${at.times}`])),
  ];
  return `${lines.join('\n')}\n`;
}

export function tellFailure({ seed, violation, steps, elapsedMs, lastEvents }: Outcome): string {
  const lines = [
    `seed ${seed} breaks ${violation?.invariant} at step ${steps}, ${(elapsedMs / 1_000).toFixed(1)} s: ${violation?.message}`,
    ...lastEvents.map((event) => `  ${event}`),
    `replay: npm run sim -- --seed ${seed} --trace`,
  ];
  return `${lines.join('\n')}\n`;
}

function rows(entries: readonly [string, string][]): string[] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `  ${name.padEnd(52)} ${value}`);
}

/** Runs `count` seeds from `first` on; stops early when many fail, for then more say nothing new. */
export async function runBatch(first: number, count: number): Promise<Batch> {
  const batch = newBatch();
  for (let seed = first; seed < first + count && batch.failed < failedMax; seed += 1)
    addOutcome(batch, await simulate(seed));
  return batch;
}

const failedMax = 10;
