/** Following pull requests in one process, with real git and a forge on loopback: killed at every point, and what people do there. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accepted, at, claimed, draftTask, evidenceOf, load, planOf } from '../../../test/conformance/store-fixture.ts';
import { startForge, type ForgeServer } from '../../../test/support/forge/forge-server.ts';
import { githubApi } from '../../../test/support/forge/github-api.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { taskKey, type TaskKey } from '../../core/id.ts';
import { limits } from '../../core/limits.ts';
import { isLanded } from '../../core/status.ts';
import type { Task } from '../../core/task.ts';
import { openGithub } from '../../forge/github/github.ts';
import { ForgeHttp } from '../../forge/http.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { openRemote } from '../../workspace/git/git-remote.ts';
import { openRepository } from '../../workspace/git/git-repository.ts';
import type { LandingContext } from '../landing/step.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import { newCoordinatorState } from '../state.ts';
import { PullRequestLoop } from './loop.ts';

class Killed extends Error {}

/** Counts the moments before and after each effect, and dies at one of them. */
class Reaper {
  moment = 0;
  readonly #dieAt: number;

  constructor(dieAt: number) {
    this.#dieAt = dieAt;
  }

  around<T extends object>(target: T, names: readonly string[]): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        if (!names.includes(String(name))) return value.bind(object) as unknown;
        return async (...args: unknown[]) => {
          this.#pass();
          const answer: unknown = await Reflect.apply(value, object, args);
          this.#pass();
          return answer;
        };
      },
    });
  }

  #pass(): void {
    this.moment += 1;
    if (this.moment === this.#dieAt) throw new Killed(`at moment ${this.moment}`);
  }
}

interface World {
  made: TestRepository;
  forge: ForgeServer;
  store: Store;
  now: number;
  notices: string[];
}

/** T1 and, built on it, T2: finished, pinned and proven. */
async function makeWorld(): Promise<World> {
  const made = makeRepository({ files: { a: '1' } });
  onTestFinished(() => made.dispose());
  const forge = await startForge(githubApi, made.directory);
  onTestFinished(async () => forge[Symbol.asyncDispose]());
  const store = openMemoryStore();
  await load(store, [draftTask('T1'), draftTask('T2', { dependencies: ['T1'] })]);
  const world = { made, forge, store, now: 1_800_000_100_000, notices: [] };
  const first = await finish(world, 'T1', 'main');
  await finish(world, 'T2', first);
  await store.lead('me', 10 ** 9, world.now);
  return world;
}

async function finish({ made, store }: World, id: string, base: string): Promise<string> {
  made.git('switch', '-q', '--detach', base);
  const from = made.git('rev-parse', 'HEAD');
  made.write({ [`${id}.txt`]: `${id} on ${from.slice(0, 7)}\n` });
  const commit = made.commit(`Make ${id}`);
  made.git('switch', '-q', 'main');
  const key = taskKey('001', id);
  const { token } = await claimed(store, 'a-1', { task: key });
  made.git('update-ref', `refs/orbit/attempts/${id}/${token}`, commit);
  const tree = made.git('rev-parse', `${commit}^{tree}`);
  accepted(
    await store.execute(
      key,
      { type: 'prove', token, evidence: { ...evidenceOf(token), commit, base: from, tree } },
      at(0),
    ),
  );
  return commit;
}

async function openLoop(
  world: World,
  reaper: Reaper,
  more: Partial<CoordinatorSettings> = {},
): Promise<PullRequestLoop> {
  const { made, forge, store } = world;
  const clock = { now: () => world.now, monotonicMs: () => world.now, sleep: async () => undefined };
  const repository = await openRepository(made.directory);
  const http = new ForgeHttp({
    base: `${forge.url}/api/v3`,
    headers: { authorization: `Bearer ${forge.token}` },
    clock,
    writeGapMs: 0,
  });
  const remote = await openRemote({
    commonDirectory: repository.commonDirectory,
    directory: join(repository.commonDirectory, 'orbit', 'remote.git'),
    address: forge.gitUrl,
    protocol: 'http',
    credential: { user: 'x', token: forge.token },
    known: async () => [],
  });
  const access = {
    forge: reaper.around(openGithub({ http, repository: 'acme/app', host: 'here' }), [
      'open',
      'update',
      'close',
      'comment',
    ]),
    remote: reaper.around(remote, ['push']),
    trunk: 'main',
  };
  const ports: Partial<CoordinatorPorts> = {
    store: reaper.around(store, ['execute']),
    repository: reaper.around(repository, ['moveRefs']),
    forge: async () => access,
    clock,
    random: () => 0,
    log: () => undefined,
  };
  const settings: Partial<CoordinatorSettings> = {
    holder: 'me',
    plans: ['001'],
    shared: [],
    landingChecks: [],
    known: [],
    budgetMs: 10 ** 9,
    ...more,
  };
  const state = newCoordinatorState();
  state.leadership = await store.lead('me', 10 ** 9, world.now);
  const context = {
    ports,
    settings: { ...settings, limits: { ...limits, leaderLeaseMs: 10 ** 9 } },
    state,
  } as LandingContext;
  return new PullRequestLoop(context, {
    plans: async () => [planOf('001')],
    onNotice: (text) => world.notices.push(text),
    onMove: () => undefined,
    draining: () => false,
  });
}

/** One pass, and the next poll's time comes. */
async function pass(world: World, loop: PullRequestLoop): Promise<void> {
  world.now += 60_000;
  await loop.start();
  await loop.settled();
}

async function taskOf({ store }: World, id: string): Promise<Task> {
  const record = await store.task(taskKey('001', id));
  if (record === null) throw new Error(`there is no ${id}`);
  return record.task;
}

async function hasLanded(world: World): Promise<boolean> {
  return isLanded(await taskOf(world, 'T1')) && isLanded(await taskOf(world, 'T2'));
}

/** Passes until both have landed; a person squashes what goes into main. Killed once, everything in memory is lost. */
async function drive(world: World, dieAt: number): Promise<Reaper> {
  const reaper = new Reaper(dieAt);
  let loop = await openLoop(world, reaper);
  for (let passes = 0; passes < 30 && !(await hasLanded(world)); passes += 1) {
    try {
      await pass(world, loop);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      loop = await openLoop(world, new Reaper(-1));
    }
    const { hub } = world.forge;
    for (const { number, state, base } of hub.all())
      if (state === 'open' && base === 'main') hub.merge(number, 'squash');
  }
  return reaper;
}

async function landings({ store }: World): Promise<(TaskKey | null)[]> {
  const events = await store.events({ since: 0 });
  return events.filter(({ body }) => body.type === 'task-landed').map(({ task }) => task);
}

/** Every fifth is before one effect and after another; `ORBIT_ALL_MOMENTS=1` tries all, which takes minutes. */
const stride = process.env['ORBIT_ALL_MOMENTS'] === '1' ? 1 : 5;

test(
  'C13 I8 I9 killed before or after an effect, two tasks land once each by two pull requests',
  { timeout: 600_000 },
  async () => {
    const moments = (await drive(await makeWorld(), -1)).moment;
    expect(moments).toBeGreaterThan(20);
    for (let dieAt = 1; dieAt <= moments; dieAt += stride) {
      const world = await makeWorld();
      await drive(world, dieAt);
      const { hub } = world.forge;
      const seen = {
        landed: await landings(world),
        pulls: hub.all().map(({ state, base, head }) => `${state} ${base} ${head}`),
      };
      expect(seen, `killed at moment ${dieAt}: ${world.notices.join('; ')}`).toEqual({
        landed: ['001/T1', '001/T2'],
        pulls: ['merged main orbit-work/001/T1', 'merged main orbit-work/001/T2'],
      });
      expect(hub.git('ls-tree', '--name-only', 'main').split('\n')).toEqual(['T1.txt', 'T2.txt', 'a']);
      expect(world.made.git('merge-base', '--is-ancestor', hub.tip('main') ?? '', 'orbit/001')).toBe('');
      await world.forge[Symbol.asyncDispose]();
      world.made.dispose();
    }
  },
);

test('P1 commits that a person adds to the branch are followed, never pushed over, and land with it', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const loop = await openLoop(world, new Reaper(-1));
  for (const _ of [1, 2]) await pass(world, loop);
  const head = hub.must(1).commit;
  const added = hub.git('commit-tree', `${head}^{tree}`, '-p', head, '-m', 'A person’s own');
  hub.git('update-ref', `refs/heads/${hub.must(1).head}`, added);
  for (const _ of [1, 2]) await pass(world, loop);
  expect(hub.tip('orbit-work/001/T1')).toBe(added);
  expect([...loop.held.values()].join('\n')).toContain('waits for a review');
  hub.merge(1, 'squash');
  for (const _ of [1, 2]) await pass(world, loop);
  expect(await landings(world)).toEqual(['001/T1']);
});

test('P3 a branch that somebody else moved elsewhere is left alone, and a person is told', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const foreign = hub.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'Mine');
  hub.git('update-ref', 'refs/heads/orbit-work/001/T1', foreign);
  const loop = await openLoop(world, new Reaper(-1));
  for (const _ of [1, 2]) await pass(world, loop);
  expect(hub.tip('orbit-work/001/T1')).toBe(foreign);
  expect(loop.held.get('001/T1')).toContain(`${foreign.slice(0, 12)}, which is not Orbit's`);
  expect(hub.pulls).toEqual([]);
});

/** Puts the finished work of T2 onto the target with other content, as a corrected base would. */
async function restack(world: World, text: string): Promise<string> {
  const { made, store } = world;
  const { evidence } = await taskOf(world, 'T2');
  made.git('switch', '-q', '--detach', 'orbit/001');
  const base = made.git('rev-parse', 'HEAD');
  made.write({ 'T2.txt': text });
  const commit = made.commit('Make T2');
  made.git('switch', '-q', 'main');
  made.git('update-ref', `refs/orbit/restacked/001/T2/${evidence?.token}-${commit.slice(0, 12)}`, commit);
  const tree = made.git('rev-parse', `${commit}^{tree}`);
  const from = evidence?.commit ?? '';
  accepted(await store.execute('001/T2', { type: 'restack', from, commit, base, tree, builtOn: [] }, at(2)));
  return commit;
}

test('A10 C13 work that was put onto a corrected base becomes the new head of the same pull request, each time', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const loop = await openLoop(world, new Reaper(-1));
  for (const _ of [1, 2]) await pass(world, loop);
  const finished = hub.must(2).commit;
  hub.merge(1, 'squash');
  for (const _ of [1, 2]) await pass(world, loop);
  const onTrunk = hub.must(2).commit;
  expect(onTrunk).not.toBe(finished);
  for (const text of ['first correction\n', 'second correction\n']) {
    const commit = await restack(world, text);
    for (const _ of [1, 2]) await pass(world, loop);
    expect({ ...hub.must(2), tip: hub.tip('orbit-work/001/T2') }).toMatchObject({ state: 'open', commit, tip: commit });
  }
  expect(hub.pulls).toHaveLength(2);
  hub.merge(2, 'squash');
  for (const _ of [1, 2]) await pass(world, loop);
  expect(await landings(world)).toEqual(['001/T1', '001/T2']);
});

async function approve(world: World, id: string): Promise<void> {
  const { evidence } = await taskOf(world, id);
  const commit = evidence?.commit ?? '';
  const tree = world.made.git('rev-parse', `${commit}^{tree}`);
  accepted(await world.store.execute(taskKey('001', id), { type: 'approve', commit, tree }, at(2)));
}

test('C13 I10 S16 work whose approval does not hold any more is asked for anew, and goes on once it is given', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const loop = await openLoop(world, new Reaper(-1), { approval: { approval: 'each', risky: 'ask' } });
  const next = async (id: string): Promise<void> => {
    await pass(world, loop);
    expect((await taskOf(world, id)).inbox).toMatchObject({ kind: 'approval' });
    await approve(world, id);
    for (const _ of [1, 2]) await pass(world, loop);
  };
  await next('T1');
  await next('T2');
  expect(hub.pulls).toHaveLength(2);
  const commit = await restack(world, 'corrected\n');
  await next('T2');
  expect(hub.must(2)).toMatchObject({ state: 'open', commit });
});

test('C13 work that conflicts with what people merged goes back to its agent with the paths', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const loop = await openLoop(world, new Reaper(-1));
  await pass(world, loop);
  const blob = hub.git('rev-parse', 'main:a');
  const tree = hub.treeOf([`100644 blob ${blob}\ta`, `100644 blob ${blob}\tT1.txt`]);
  hub.git('update-ref', 'refs/heads/main', hub.git('commit-tree', tree, '-p', 'main', '-m', 'By hand'));
  await pass(world, loop);
  const { failures, evidence } = await taskOf(world, 'T1');
  expect(evidence).toBeNull();
  expect(failures.at(-1)).toMatchObject({
    outcome: 'bounced',
    reason: expect.stringContaining('conflicts with main on the forge in T1.txt') as string,
  });
});

test('C13 what was pushed to the trunk by hand has landed, and its open pull request is closed', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const loop = await openLoop(world, new Reaper(-1));
  await pass(world, loop);
  const { commit } = hub.must(1);
  hub.git(
    'update-ref',
    'refs/heads/main',
    hub.git('commit-tree', `${commit}^{tree}`, '-p', 'main', '-m', 'Picked by hand'),
  );
  for (const _ of [1, 2]) await pass(world, loop);
  expect(await landings(world)).toEqual(['001/T1']);
  expect(hub.must(1)).toMatchObject({
    state: 'closed',
    comments: [expect.stringContaining('Its work is in') as string],
  });
});

test('a cancelled task’s pull request is closed with the reason', async () => {
  const world = await makeWorld();
  const loop = await openLoop(world, new Reaper(-1));
  await pass(world, loop);
  accepted(await world.store.execute('001/T2', { type: 'close', as: 'cancelled', why: 'not wanted' }, at(1)));
  await pass(world, loop);
  expect(world.forge.hub.must(2)).toMatchObject({
    state: 'closed',
    comments: [expect.stringContaining('Cancelled: not wanted') as string],
  });
  expect((await taskOf(world, 'T2')).pr).toEqual({ number: 2, status: 'rejected' });
});

test('a pull request that a person opened for the task is followed, and not closed, moved or doubled', async () => {
  const world = await makeWorld();
  const { hub } = world.forge;
  const { evidence } = await taskOf(world, 'T1');
  hub.git('fetch', '-q', world.made.directory, `${evidence?.commit}:refs/heads/ada/one`);
  hub.open({ head: 'ada/one', base: 'main', title: 'By hand', body: 'Mine' });
  accepted(await world.store.execute('001/T1', { type: 'set-pr', number: 1, status: 'pending_review' }, at(1)));
  const loop = await openLoop(world, new Reaper(-1));
  for (const _ of [1, 2]) await pass(world, loop);
  expect(hub.pulls.map(({ head, body }) => [head, body])).toEqual([['ada/one', 'Mine']]);
  expect(loop.held.get('001/T1')).toContain('pull request #1 waits for a review');
  hub.merge(1, 'squash');
  for (const _ of [1, 2]) await pass(world, loop);
  expect(await landings(world)).toEqual(['001/T1']);
});
