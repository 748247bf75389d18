/**
 * The landing queue on a real repository, with a store in memory: for tests of what others do to git while it lands.
 * Nothing of Orbit is replaced; checks run in real checkouts.
 */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LandingLoop } from '../../src/coordinator/landing-loop.ts';
import type { LandingContext } from '../../src/coordinator/landing/step.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../../src/coordinator/ports.ts';
import { newCoordinatorState } from '../../src/coordinator/state.ts';
import { taskKey, type TaskKey } from '../../src/core/id.ts';
import { limits, type Limits } from '../../src/core/limits.ts';
import type { Plan, TaskDraft } from '../../src/core/plan.ts';
import type { Task } from '../../src/core/task.ts';
import { defaultsOf, keys } from '../../src/platform/settings-key.ts';
import type { Settings } from '../../src/platform/settings.ts';
import { plainChecks } from '../../src/runner/plain-checks.ts';
import { openMemoryStore } from '../../src/store/memory/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openRepository } from '../../src/workspace/git/git-repository.ts';
import { openWorkspaces } from '../../src/workspace/git/git-workspaces.ts';
import { accepted, actor, draftTask, evidenceOf, planOf, start } from '../conformance/store-fixture.ts';
import type { TestRepository } from './repository.ts';

export interface LandingOrder {
  /** Checks of the plan; none by default. */
  checks?: readonly string[];
  /** Full ref; the plan's own branch by default. It is made by the first look at it. */
  target?: string;
  /** Further facts of the plan, such as layer branches. */
  plan?: Partial<Plan>;
  settings?: Partial<Settings>;
  limits?: Partial<Limits>;
}

export interface LandingStage {
  made: TestRepository;
  store: Store;
  plan: () => Promise<Plan>;
  context: LandingContext;
  /** Adds a task that is proven with `commit`, begun at `base` (default: `main`). */
  done: (id: string, commit: string, more?: Partial<TaskDraft> & { base?: string }) => Promise<TaskKey>;
  /** One pass of the queue by the same process, or by one that begins anew; answers what is held and why. */
  land: (how?: 'anew') => Promise<ReadonlyMap<string, string>>;
  task: (id: string) => Promise<Task>;
  /** Ids of the tasks that have landed. */
  landed: () => Promise<string[]>;
  /** What the queue logged. */
  lines: string[];
}

export async function landingStage(made: TestRepository, order: LandingOrder = {}): Promise<LandingStage> {
  const store = openMemoryStore();
  const lines: string[] = [];
  const context = await contextFor(made, { order, store, lines });
  const { clock } = context.ports;
  const drafts: TaskDraft[] = [];
  const apply = async (): Promise<void> => {
    const draft = {
      title: 'Plan',
      unblock: null,
      layers: null,
      layerList: order.plan?.layerList ?? [],
      checks: [],
      tasks: drafts,
    };
    const plan = planOf('001', {
      target: order.target ?? planOf('001').target,
      checks: order.checks ?? [],
      ...order.plan,
    });
    accepted(await store.applyPlan({ plan, draft, scores: new Map() }, actor, clock.now()));
  };
  await apply();
  const loop = new LandingLoop(context, {
    plans: async () => store.plans(),
    onHeld: () => undefined,
    onMove: () => undefined,
    draining: () => false,
  });
  onTestFinished(async () => loop.settled());
  return {
    made,
    store,
    context,
    lines,
    plan: async () => (await store.plan('001')) ?? planOf('001'),
    task: async (id) => {
      const record = await store.task(taskKey('001', id));
      if (record === null) throw new Error(`no task ${id}`);
      return record.task;
    },
    done: async (id, commit, { base = made.git('rev-parse', 'main'), ...more } = {}) => {
      drafts.push(draftTask(id, more));
      await apply();
      return prove(store, { id, commit, base, now: clock.now() });
    },
    land: async (how) => {
      if (how === 'anew') context.state = { ...newCoordinatorState(), leadership: context.state.leadership };
      // The second start throws what the first pass threw.
      for (let pass = 0; pass < 2; pass += 1) {
        await loop.start();
        await loop.settled();
      }
      return new Map([...loop.held].map(([key, why]) => [key.split('/')[1] ?? '', why]));
    },
    landed: async () =>
      (await store.tasks({ plan: '001', status: ['landed'] }, clock.now())).map((record) => record.task.id),
  };
}

async function contextFor(
  made: TestRepository,
  { order, store, lines }: { order: LandingOrder; store: Store; lines: string[] },
): Promise<LandingContext> {
  let now = start;
  const clock = { now: () => (now += 1), monotonicMs: () => now, sleep: async () => undefined };
  const repository = await openRepository(made.directory);
  const state = newCoordinatorState();
  state.leadership = await store.lead('me', limits.leaderLeaseMs, start);
  const settings = { ...(defaultsOf(keys) as unknown as Settings), ...order.settings };
  const ports: Partial<CoordinatorPorts> = {
    store,
    repository,
    workspaces: await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 }),
    checks: plainChecks({ settings, environment: process.env, marker: null }),
    clock,
    random: () => 0,
    log: (line) => void lines.push(line),
  };
  const own: Partial<CoordinatorSettings> = {
    holder: 'me',
    plans: ['001'],
    shared: [],
    bring: [],
    known: ['a'],
    // What lands here is dangerous on purpose: how the queue takes it is the question, not whether a person has to look first.
    approval: { approval: 'none', risky: 'allow' },
    landingChecks: [],
    train: { lanes: 2, lengthMax: 8, rerunsMax: 1 },
    budgetMs: 3_600_000,
    limits: { ...limits, landingRetryMs: 0, ...order.limits },
  };
  return { ports: ports as CoordinatorPorts, settings: own as CoordinatorSettings, state };
}

async function prove(
  store: Store,
  { id, commit, base, now }: { id: string; commit: string; base: string; now: number },
): Promise<TaskKey> {
  const key = taskKey('001', id);
  const nowhere = { shared: [], base: null, workspace: null, branch: null };
  const request = { agent: 'a-1', plan: null, task: key, byHand: false, leaseMs: 30_000, ...nowhere };
  const { token } = accepted(await store.claim(request, actor, now));
  const evidence = evidenceOf(token, { commit, base, agent: 'a-1', at: now });
  accepted(await store.execute(key, { type: 'prove', token, evidence }, { actor, now, durable: false }));
  return key;
}

/** Commits files on a branch of its own from `main`, without touching the checkout; answers the commit. */
export function workOn(made: TestRepository, files: Readonly<Record<string, string>>, from = 'main'): string {
  const directory = join(made.git('rev-parse', '--absolute-git-dir'), '../../elsewhere');
  made.git('worktree', 'add', '-q', '--detach', '--force', directory, from);
  made.write(files, directory);
  const commit = made.commit('Work', directory);
  made.git('worktree', 'remove', '--force', directory);
  return commit;
}
