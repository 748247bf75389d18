import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';
import { makeScenario } from './scenario.ts';
import { simulate } from './simulation.ts';

/** Tried one after the other until one of them shows the defect. */
const seedsMax = 150;

for (const { what, noticedBy, mutant, scenario } of mutants) {
  test(`P13 the simulator notices: ${what} (${noticedBy.join(' or ')})`, async () => {
    const seen: string[] = [];
    for (let seed = 1; seed <= seedsMax && seen.length === 0; seed += 1) {
      const { violation } = await simulate(seed, {
        mutant,
        stepsMax: 40_000,
        scenario: { ...makeScenario(seed), ...scenario },
      });
      if (violation !== null) seen.push(violation.invariant);
    }
    expect(noticedBy).toContain(seen[0]);
  }, 120_000);
}
