/** What a seed decides before the run: the plan's shape, the agents, the coordinators, and how much goes wrong. */
import { limits, type Limits } from '../../src/core/limits.ts';
import type { TaskDraft, PlanDraft, Plan } from '../../src/core/plan.ts';
import type { AgentSlots } from '../../src/coordinator/ports.ts';
import { taskKey, type TaskKey } from '../../src/core/id.ts';
import type { TrainRule } from '../../src/core/train.ts';
import { Random } from './random.ts';

export const planId = '001';
export const target: string = `refs/heads/orbit/${planId}`;
export const sharedPath = 'registry.txt';
/** Levels of unlanded work under a new attempt. */
export const stackDepthMax = 2;
export const areas: readonly string[] = ['area0', 'area1', 'area2', 'area3', 'area4'];
const filesPerArea = 3;

export type Behaviour =
  | 'good'
  | 'slow'
  | 'amends'
  | 'crashes'
  | 'hangs'
  | 'lies'
  | 'out-of-scope'
  | 'dirty'
  | 'never-mends'
  | 'asks'
  | 'gives-up'
  | 'no-changes'
  | 'quota'
  | 'context'
  | 'blocks';

export interface Scenario {
  seed: number;
  plan: Plan;
  draft: PlanDraft;
  agents: readonly AgentSlots[];
  parallelMax: number | null;
  /** Coordinators while faults are on; one more is started when they end. */
  coordinators: number;
  /** Share of port calls with a fault. */
  faultShare: number;
  /** Mean time between two faults of the machine (kills, stops, clock jumps); 0 = none. */
  chaosMs: number;
  /** Mean time between two deeds of a person; 0 = none. */
  personMs: number;
  behaviours: Readonly<Partial<Record<Behaviour, number>>>;
  /** Share of trees at which a check is red, and of runs that are red by chance. */
  redShare: number;
  flakyShare: number;
  /** Share of runners that the coordinator can neither see nor end. */
  unreachableShare: number;
  /** Share of runners that take longer to start than the coordinator waits before it starts another. */
  slowStartShare: number;
  train: TrainRule;
  /** Until then things go wrong. */
  faultsUntilMs: number;
  limits: Limits;
}

export function makeScenario(seed: number): Scenario {
  const random = new Random(seed * 2 + 1);
  const calm = random.chance(0.1);
  const unblock = random.pick(['done', 'landed'] as const);
  const agentNames = ['ada', 'bob', 'cleo'].slice(0, random.int(1, 3));
  const tasks = makeTasks(random, agentNames);
  const checks = random.pick([[], ['test'], ['test', 'lint']]);
  const plan: Plan = {
    id: planId,
    title: 'simulated',
    source: null,
    unblock,
    layers: 'hints',
    layerList: [],
    checks,
    target,
    paused: false,
    createdAt: 0,
  };
  const oddShare = random.pick([0, 1, 1, 3]);
  const odd = (weight: number): number => weight * oddShare;
  return {
    seed,
    plan,
    draft: { title: plan.title, unblock, layers: 'hints', layerList: [], checks, tasks },
    agents: agentNames.map((name) => agentOf(name, random)),
    parallelMax: random.pick([null, 2, 3]),
    coordinators: random.pick([0, 1, 1, 1, 2, 2, 3]),
    faultShare: calm ? 0 : random.pick([0, 0.002, 0.01, 0.03]),
    chaosMs: calm ? 0 : random.pick([0, 40_000, 15_000]),
    personMs: calm ? 0 : random.pick([0, 40_000, 15_000]),
    behaviours: {
      good: 12,
      slow: odd(1),
      amends: odd(1),
      crashes: odd(1.5),
      hangs: odd(0.5),
      lies: odd(1),
      'out-of-scope': odd(1),
      dirty: odd(1.5),
      'never-mends': odd(0.7),
      asks: odd(0.5),
      'gives-up': odd(0.7),
      'no-changes': odd(0.5),
      quota: odd(1),
      context: odd(0.7),
      blocks: odd(0.7),
    },
    redShare: random.pick([0, 0.04, 0.12]),
    flakyShare: random.pick([0, 0, 0.05]),
    unreachableShare: calm ? 0 : random.pick([0, 0, 0.3]),
    slowStartShare: 0.05,
    train: { lanes: random.int(1, 4), lengthMax: random.pick([1, 3, 32]), rerunsMax: random.pick([0, 1, 1, 2]) },
    faultsUntilMs: random.int(60_000, 240_000),
    limits: { ...limits, tickMs: 2_000, attemptMinutesMax: 5 },
  };
}

/** Accounts are mostly an agent's own, sometimes common. */
function agentOf(name: string, random: Random): AgentSlots {
  const models = random.pick([[null], [null, 'other'], ['usual', 'other']]);
  return {
    name,
    slots: random.int(1, 3),
    account: random.chance(0.3) ? 'common' : name,
    profile: { adapter: 'simulated', models, thinking: null, canThink: random.chance(0.5) },
  };
}

function makeTasks(random: Random, agents: readonly string[]): TaskDraft[] {
  const count = random.int(6, random.chance(0.1) ? 20 : 12);
  const edgeShare = random.pick([0.05, 0.15, 0.35]);
  const tasks: TaskDraft[] = [];
  for (let number = 1; number <= count; number += 1) {
    const before = tasks.map(({ id }) => id);
    tasks.push({
      id: `T${String(number).padStart(2, '0')}`,
      title: `task ${number}`,
      body: '',
      kind: 'implement',
      parent: null,
      layer: null,
      agent: random.chance(0.2) ? random.pick(agents) : null,
      priority: random.int(0, 2),
      scope: makeScope(random),
      checks: random.chance(0.2) ? ['own'] : [],
      dependencies: before.filter(() => random.chance(edgeShare)).slice(-3),
      estimateMs: null,
      ticked: false,
      line: number,
    });
  }
  return tasks;
}

export function makeScope(random: Random): string[] {
  if (random.chance(0.15)) return [];
  const one = random.chance(0.5) ? `${random.pick(areas)}/**` : filePath(random, random.pick(areas));
  const scope = [one];
  if (random.chance(0.25)) scope.push(`${random.pick(areas)}/**`);
  if (random.chance(0.15)) scope.push(sharedPath);
  return [...new Set(scope)];
}

export function filePath(random: Random, area: string): string {
  return `${area}/file${random.int(0, filesPerArea - 1)}.txt`;
}

/** Every path of the simulated project that the scope names; an independent reading, for the invariants. */
export function pathsInScope(scope: readonly string[]): string[] {
  const all = [
    sharedPath,
    ...areas.flatMap((area) => Array.from({ length: filesPerArea }, (_, number) => `${area}/file${number}.txt`)),
  ];
  return all.filter((path) =>
    scope.some((entry) => entry === path || (entry.endsWith('/**') && path.startsWith(entry.slice(0, -2)))),
  );
}

export function keyOf(id: string): TaskKey {
  return taskKey(planId, id);
}

/** What the project holds before anybody works on it. */
export function firstFiles(): Map<string, string> {
  const files = new Map([[sharedPath, 'original']]);
  for (const path of pathsInScope(areas.map((area) => `${area}/**`))) files.set(path, `original ${path}`);
  return files;
}
