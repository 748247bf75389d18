/**
 * Interleaved rounds: each runs every case once, in random order.
 *
 * Owns the one way to compare here. What disturbs the machine for a while hits all cases alike; the random order keeps one case
 * from always standing in the wake of the same other.
 */
import { Random } from '../test/simulation/random.ts';

export interface RoundsOrder {
  rounds: number;
  /** Run first and not counted. */
  warmUp: number;
}

/** @param cases each does its work once and answers what it took. The samples of each case, in the order of the rounds. */
export async function inRounds<Name extends string>(
  { rounds, warmUp }: RoundsOrder,
  cases: Readonly<Record<Name, (round: number) => number | Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const random = new Random(20_261_120);
  const names = Object.keys(cases) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const name of shuffled(names, random)) {
      const sample = await cases[name](round);
      if (round >= warmUp) samples[name].push(sample);
    }
  }
  return samples;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.int(0, left.length - 1), 1)[0] as T);
}
