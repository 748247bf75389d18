import { expect, test } from 'vitest';
import {
  accepted,
  at,
  claimed,
  draftTask,
  evidenceOf,
  load,
  planOf,
  start,
} from '../../../test/conformance/store-fixture.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { taskKey } from '../../core/id.ts';
import { limits } from '../../core/limits.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import { openRepository } from '../../workspace/git/git-repository.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import { newCoordinatorState } from '../state.ts';
import { landRound } from './landing.ts';
import type { LandingContext, LandingStep } from './step.ts';
import { ensureTarget } from './target.ts';

interface Stage {
  context: LandingContext;
  token: number;
  land: () => Promise<LandingStep>;
  statusOf: () => Promise<string | undefined>;
}

/** A plan with the task T1, proven with `commit`, and a coordinator that leads. */
async function stage(made: TestRepository, commit: string): Promise<Stage> {
  made.git('branch', 'orbit/001', 'main');
  const store = openMemoryStore();
  await load(store, [draftTask('T1')]);
  const key = taskKey('001', 'T1');
  const { token } = await claimed(store, 'a-1', { task: key });
  const evidence = evidenceOf(token, { commit, base: made.git('rev-parse', 'main') });
  accepted(await store.execute(key, { type: 'prove', token, evidence }, at(0)));
  const state = newCoordinatorState();
  state.leadership = await store.lead('me', limits.leaderLeaseMs, start);
  const clock = { now: () => start, monotonicMs: () => 0, sleep: async () => undefined };
  const repository = await openRepository(made.directory);
  const ports = { store, repository, clock, log: () => undefined };
  const train = { lanes: 2, lengthMax: 32, rerunsMax: 1 };
  const settings = { shared: [], landingChecks: [], holder: 'me', train, limits };
  const context: LandingContext = {
    ports: ports as Partial<CoordinatorPorts> as CoordinatorPorts,
    settings: settings as Partial<CoordinatorSettings> as CoordinatorSettings,
    state,
  };
  return {
    context,
    token,
    land: async () => landRound(context, planOf('001')),
    statusOf: async () => (await store.task(key))?.task.landing?.state,
  };
}

test('I9 a mark of a landing that never began is nobody’s proof that the work has landed', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('switch', '-q', '-c', 'work');
  made.write({ b: '1' });
  const { token, land, statusOf } = await stage(made, made.commit('Work'));
  made.git('update-ref', `refs/orbit/landed/${token}-T1`, 'main');
  expect(await land()).toMatchObject({ outcome: 'moved' });
  expect(await statusOf()).toBe('landed');
  expect(made.git('ls-tree', '--name-only', 'orbit/001')).toBe('a\nb');
});

test('I9 a target that somebody deleted comes back with all that landed on it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('switch', '-q', '-c', 'work');
  made.write({ b: '1' });
  const commit = made.commit('Work');
  made.git('switch', '-q', 'main');
  const { context, land } = await stage(made, commit);
  expect(await land()).toMatchObject({ outcome: 'moved' });
  const tip = made.git('rev-parse', 'orbit/001');
  made.git('branch', '-D', 'orbit/001');
  expect(await ensureTarget(context.ports, planOf('001'))).toBe(tip);
  expect(made.git('rev-parse', 'orbit/001')).toBe(tip);
});

test('I10 work that git cannot read holds itself, and nobody behind it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const { land, statusOf } = await stage(made, 'c'.repeat(40));
  expect(await land()).toMatchObject({ outcome: 'held', all: false, why: expect.stringContaining('c'.repeat(40)) });
  expect(await statusOf()).toBe('queued');
});
