import { expect, test } from 'vitest';
import { tellFailure } from './batch.ts';
import type { Outcome } from './outcome.ts';
import { Random } from './random.ts';
import { makeScenario, type Scenario } from './scenario.ts';
import { simulate } from './simulation.ts';
import type { CrashPoint } from './traffic.ts';

/** A small plan with good agents and no other fault, so that whatever goes wrong is the crash's. */
function calmScenario(seed: number, tasks: number): Scenario {
  const { draft, ...rest } = makeScenario(seed);
  return {
    ...rest,
    draft: { ...draft, tasks: draft.tasks.slice(0, tasks) },
    coordinators: 0,
    faultShare: 0,
    chaosMs: 0,
    personMs: 0,
    behaviours: { good: 1 },
    redShare: 0,
    flakyShare: 0,
    unreachableShare: 0,
    faultsUntilMs: 0,
    limits: { ...rest.limits, tickMs: 5_000 },
  };
}

/** What must be so wherever the coordinator died: nothing broken, and every task landed, once. */
function faultOf(outcome: Outcome, tasks: number, points: readonly CrashPoint[]): string[] {
  const where = `crash ${points.map(({ when, call }) => `${when} call ${call}`).join(' and ')}`;
  if (outcome.violation !== null) return [`${where}: ${tellFailure(outcome)}`];
  const landed = outcome.reached.get('task landed') ?? 0;
  return landed === tasks ? [] : [`${where}: ${landed} of ${tasks} tasks landed`];
}

async function crashAt(scenario: Scenario, points: readonly CrashPoint[]): Promise<string[]> {
  const outcome = await simulate(scenario.seed, { scenario, crashPoints: points });
  return faultOf(outcome, scenario.draft.tasks.length, points);
}

test('B9 P1 I4 I7 I8 I9 the coordinator may die before or after any of its calls: nothing is lost or done twice', async () => {
  const scenario = calmScenario(5, 3);
  const calm = await simulate(5, { scenario });
  expect(faultOf(calm, 3, [])).toEqual([]);
  const faults: string[] = [];
  for (let call = 1; call <= calm.calls; call += 1) {
    for (const when of ['before', 'after'] as const) faults.push(...(await crashAt(scenario, [{ call, when }])));
  }
  expect(calm.calls).toBeGreaterThan(150);
  expect(faults.slice(0, 3)).toEqual([]);
}, 300_000);

test('B9 I9 I15 a second crash while the first is being repaired changes nothing of that', async () => {
  const random = new Random(99);
  const faults: string[] = [];
  for (let round = 0; round < 250; round += 1) {
    const scenario = calmScenario(random.int(1, 30), 4);
    const call = random.int(1, 260);
    const second = call + random.int(1, 40);
    const points: CrashPoint[] = [
      { call, when: random.pick(['before', 'after']) },
      { call: second, when: random.pick(['before', 'after']) },
    ];
    const outcome = await simulate(scenario.seed, { scenario, crashPoints: points });
    // Other seeds have plans in which work conflicts and goes to a person; that nothing breaks is what counts here.
    if (outcome.violation !== null) faults.push(tellFailure(outcome));
  }
  expect(faults.slice(0, 3)).toEqual([]);
}, 300_000);
