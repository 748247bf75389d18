/** The train on real git: real repository, real checkouts, the memory store; only the checks are functions of what lies in the checkout. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  accepted,
  actor,
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
import type { TaskStatus } from '../../core/status.ts';
import { definitionOf, type Task, type TaskDefinition } from '../../core/task.ts';
import type { TrainRule } from '../../core/train.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { openRepository } from '../../workspace/git/git-repository.ts';
import { openWorkspaces } from '../../workspace/git/git-workspaces.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import { newCoordinatorState } from '../state.ts';
import { landRound } from './landing.ts';
import type { LandingContext, LandingStep } from './step.ts';

interface Change {
  id: string;
  files: Readonly<Record<string, string>>;
  /** Tasks whose commit it is built on. */
  on?: readonly string[];
}

interface Stage {
  store: Store;
  /** Trees that the check was run at, in order. */
  seen: string[];
  /** Trees whose checkout was to be made usable, in order. */
  prepared: string[];
  /** Rounds until nothing moves; answers the last step. */
  landAll(): Promise<LandingStep>;
  statusOf(id: string): Promise<TaskStatus>;
  /** First-parent commits of the target beyond `main`, oldest first. */
  landings(): { commit: string; tree: string; tasks: string[] }[];
}

/** @param isGreen what a check says of the files of a checkout; every task has the one called `check`. */
async function stage(
  made: TestRepository,
  changes: readonly Change[],
  {
    isGreen,
    rule = {},
    unable = () => null,
  }: {
    isGreen: (has: (path: string) => boolean, store: Store, check: string) => boolean | Promise<boolean>;
    rule?: Partial<TrainRule>;
    /** Why a checkout cannot be made usable, by the files that it has. */
    unable?: (has: (path: string) => boolean) => string | null;
  },
): Promise<Stage> {
  const main = made.git('rev-parse', 'main');
  made.git('branch', 'orbit/001', 'main');
  const store = openMemoryStore();
  const drafts = changes.map(({ id, on = [] }) => draftTask(id, { dependencies: [...on] }));
  await load(store, drafts);
  const commits = new Map<string, string>();
  for (const [index, { id, files, on = [] }] of changes.entries()) {
    const base = commits.get(on[0] ?? '') ?? main;
    made.git('switch', '-q', '-c', `work-${id}`, base);
    made.write(files);
    const commit = made.commit(`Work of ${id}`);
    commits.set(id, commit);
    const key = taskKey('001', id);
    const { token } = await claimed(store, `a-${index}`, { task: key, ms: index });
    const tree = made.git('rev-parse', `${commit}^{tree}`);
    const evidence = evidenceOf(token, { commit, base, tree, at: start + index });
    accepted(await store.execute(key, { type: 'prove', token, evidence }, at(index)));
  }
  made.git('switch', '-q', 'main');
  const repository = await openRepository(made.directory);
  const clock = { now: () => start + 1_000, monotonicMs: () => 0, sleep: async () => undefined };
  const seen: string[] = [];
  const prepared: string[] = [];
  const ports: Partial<CoordinatorPorts> = {
    store,
    repository,
    workspaces: await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 }),
    checks: {
      prepare: async (directory) => {
        prepared.push(made.gitIn(directory, 'rev-parse', 'HEAD^{tree}'));
        return unable((path) => existsSync(join(directory, path)));
      },
      run: async (check, directory) => {
        seen.push(made.gitIn(directory, 'rev-parse', 'HEAD^{tree}'));
        const green = await isGreen((path) => existsSync(join(directory, path)), store, check);
        return { green, ran: true, tail: green ? '' : 'it is broken' };
      },
    },
    clock,
    random: () => 0,
    log: () => undefined,
  };
  const state = newCoordinatorState();
  state.leadership = await store.lead('me', limits.leaderLeaseMs, start + 1_000);
  const train: TrainRule = { lanes: 2, lengthMax: 32, rerunsMax: 1, ...rule };
  const settings: Partial<CoordinatorSettings> = {
    shared: [],
    bring: [],
    landingChecks: ['check'],
    holder: 'me',
    known: [],
    budgetMs: 3_600_000,
    train,
    limits,
  };
  const context: LandingContext = {
    ports: ports as CoordinatorPorts,
    settings: settings as CoordinatorSettings,
    state,
  };
  const landings = (): { commit: string; tree: string; tasks: string[] }[] =>
    made
      .git(
        'log',
        '--first-parent',
        '--reverse',
        '--format=%H %T %(trailers:key=Orbit-Task,valueonly,separator=%x20)',
        'main..orbit/001',
      )
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [commit = '', tree = '', ...keys] = line.split(' ');
        return { commit, tree, tasks: keys.map((key) => key.slice(4)) };
      });
  return {
    store,
    seen,
    prepared,
    landAll: async () => {
      for (;;) {
        const step = await landRound(context, planOf('001'));
        if (step.outcome !== 'moved') return step;
      }
    },
    statusOf: async (id) => {
      const [record] = (await store.tasks({ plan: '001' }, start + 1_000)).filter(({ task }) => task.id === id);
      if (record?.task.landing?.state === 'landed') return 'landed';
      return record?.task.evidence === null ? 'ready' : 'landing';
    },
    landings,
  };
}

/** Every tree of the target's first-parent history has a green verdict (I8). */
async function expectProven(world: Stage): Promise<void> {
  for (const { tree } of world.landings())
    expect(await world.store.verdict(tree, 'landing: check')).toMatchObject({ green: true });
}

function changesOf(count: number, odd: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): Change[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `T${index + 1}`;
    return { id, files: odd[id] ?? { [`${id}.txt`]: id } };
  });
}

test('I8 P4 clean changes land together as one step of the target, with all their commits behind it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(5), { isGreen: () => true });
  expect(await world.landAll()).toEqual({ outcome: 'idle' });
  const landings = world.landings();
  expect(landings.map(({ tasks }) => tasks)).toEqual([['T1', 'T2', 'T3', 'T4', 'T5']]);
  await expectProven(world);
  expect(made.git('ls-tree', '--name-only', 'orbit/001').split('\n')).toEqual([
    'T1.txt',
    'T2.txt',
    'T3.txt',
    'T4.txt',
    'T5.txt',
    'a',
  ]);
  for (const { id } of changesOf(5)) {
    expect(made.git('merge-base', 'orbit/001', `work-${id}`)).toBe(made.git('rev-parse', `work-${id}`));
    expect(await world.statusOf(id)).toBe('landed');
  }
  const marks = made.git('for-each-ref', '--format=%(objectname)', 'refs/orbit/landed/').split('\n');
  expect(marks).toEqual(Array.from({ length: 5 }, () => landings[0]?.commit));
});

test('I8 P4 one bad change of eight is found among them and goes back; the others land', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(8, { T6: { 'bad.txt': 'x' } }), { isGreen: (has) => !has('bad.txt') });
  await world.landAll();
  expect(world.landings().flatMap(({ tasks }) => tasks)).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T7', 'T8']);
  await expectProven(world);
  expect(await world.statusOf('T6')).toBe('ready');
  const failure = (await world.store.task('001/T6'))?.task.failures.at(-1);
  expect(failure).toMatchObject({ outcome: 'bounced', reason: expect.stringContaining('it is broken') });
});

test('P4 of two changes that only break together the later one goes back', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const isGreen = (has: (path: string) => boolean): boolean => !(has('T2.txt') && has('T5.txt'));
  const world = await stage(made, changesOf(6), { isGreen });
  await world.landAll();
  expect(world.landings().flatMap(({ tasks }) => tasks)).toEqual(['T1', 'T2', 'T3', 'T4', 'T6']);
  await expectProven(world);
});

test('P4 a check that fails once and not again sends nobody back, and is remembered as a flake', async () => {
  using made = makeRepository({ files: { a: '1' } });
  let runs = 0;
  const isGreen = (): boolean => {
    runs += 1;
    return runs > 1;
  };
  const world = await stage(made, changesOf(1), { isGreen });
  await world.landAll();
  expect(await world.statusOf('T1')).toBe('landed');
  expect(await world.store.trains()).toMatchObject([{ flakes: 1, flaky: 'check', gap: null }]);
  await expectProven(world);
});

test('I14 P4 work that is built on work ahead of it lands with it, behind it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const changes = [
    { id: 'T1', files: { 'one.txt': '1' } },
    { id: 'T2', files: { 'two.txt': '2' }, on: ['T1'] },
    { id: 'T3', files: { 'three.txt': '3' }, on: ['T2'] },
  ];
  const world = await stage(made, changes, { isGreen: () => true });
  await world.landAll();
  expect(world.landings().map(({ tasks }) => tasks)).toEqual([['T1', 'T2', 'T3']]);
});

test('I14 P4 what is built on a change that goes back stays behind with it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const changes = [
    { id: 'T1', files: { 'bad.txt': '1' } },
    { id: 'T2', files: { 'two.txt': '2' }, on: ['T1'] },
    { id: 'T3', files: { 'three.txt': '3' } },
  ];
  const world = await stage(made, changes, { isGreen: (has) => !has('bad.txt') });
  await world.landAll();
  expect(world.landings().flatMap(({ tasks }) => tasks)).toEqual(['T3']);
  expect([await world.statusOf('T1'), await world.statusOf('T2')]).toEqual(['ready', 'landing']);
});

test('P4 a conflict with work ahead of it is told once that has landed, and stops nobody else', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(4, { T1: { a: 'one' }, T3: { a: 'three' } }), { isGreen: () => true });
  await world.landAll();
  expect(world.landings().flatMap(({ tasks }) => tasks)).toEqual(['T1', 'T2', 'T4']);
  const failure = (await world.store.task('001/T3'))?.task.failures.at(-1);
  expect(failure?.reason).toMatch(/conflicts with the target in a/);
});

test('I8 P4 a change that was cancelled while its train was validated does not land, and the others do', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const isGreen = async (_has: unknown, store: Store): Promise<boolean> => {
    await store.execute(
      '001/T2',
      { type: 'close', as: 'cancelled', why: 'not wanted' },
      { actor, now: start, durable: false },
    );
    return true;
  };
  const world = await stage(made, changesOf(3), { isGreen });
  let step = await world.landAll();
  // The next round sees the queue as it is by now.
  if (step.outcome === 'again') step = await world.landAll();
  expect(step.outcome).toBe('idle');
  expect(world.landings().flatMap(({ tasks }) => tasks)).toEqual(['T1', 'T3']);
  expect(made.git('ls-tree', '--name-only', 'orbit/001').split('\n')).toEqual(['T1.txt', 'T3.txt', 'a']);
});

/** Edits the task once, while its checks run for the first time. */
function editedMeanwhile(
  id: string,
  fields: Partial<TaskDefinition>,
  isGreen: (has: (path: string) => boolean, check: string) => boolean = () => true,
): Parameters<typeof stage>[2]['isGreen'] {
  let isEdited = false;
  return async (has, store, check) => {
    const record = isEdited ? null : await store.task(taskKey('001', id));
    isEdited = true;
    if (record !== null) {
      const definition = { ...definitionOf(record.task), ...fields };
      accepted(await store.execute(record.task.key, { type: 'change', definition }, at(1_000)));
    }
    return isGreen(has, check);
  };
}

async function landedInTheEnd(world: Stage): Promise<string[]> {
  let step = await world.landAll();
  for (let round = 0; step.outcome === 'again' && round < 5; round += 1) step = await world.landAll();
  expect(step.outcome).toBe('idle');
  return world.landings().flatMap(({ tasks }) => tasks);
}

test('I8 P2 checks that are edited while a train is validated hold for that landing: it lands when they passed', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(2), { isGreen: editedMeanwhile('T1', { checks: ['new'] }) });
  expect((await world.landAll()).outcome).toBe('again');
  expect(world.landings()).toEqual([]);
  expect(await landedInTheEnd(world)).toEqual(['T1', 'T2']);
  const tree = world.landings()[0]?.tree ?? '';
  expect(await world.store.verdict(tree, 'landing: new')).toMatchObject({ green: true });
});

test('I8 P2 work that was green lands no more once its checks were edited to red ones', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const isGreen = editedMeanwhile('T1', { checks: ['new'] }, (has, check) => check !== 'new' || !has('T1.txt'));
  const world = await stage(made, changesOf(2), { isGreen, rule: { rerunsMax: 0 } });
  expect(await landedInTheEnd(world)).toEqual(['T2']);
  expect(await world.statusOf('T1')).toBe('ready');
});

test('I8 P4 a check that was taken away while it ran sends nobody back', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const isGreen = editedMeanwhile('T1', { checks: [] }, (_has, check) => check !== 'wrong');
  const world = await stage(made, changesOf(1), { isGreen, rule: { rerunsMax: 0 } });
  const { task } = (await world.store.task('001/T1')) ?? {};
  const definition = { ...definitionOf(task as Task), checks: ['wrong'] };
  accepted(await world.store.execute('001/T1', { type: 'change', definition }, at(999)));
  expect(await landedInTheEnd(world)).toEqual(['T1']);
  expect((await world.store.task('001/T1'))?.task.bounces).toBe(0);
});

test('I14 A10 a dependency that is added while a train is validated lands first', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const isGreen = editedMeanwhile('T1', { dependencies: ['001/T2'] });
  const world = await stage(made, changesOf(2), { isGreen, rule: { lengthMax: 1 } });
  expect(await landedInTheEnd(world)).toEqual(['T2', 'T1']);
});

test('P4 a verdict known for the same tree is not taken again', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(8, { T3: { 'bad.txt': 'x' } }), {
    isGreen: (has) => !has('bad.txt'),
    rule: { lanes: 1 },
  });
  await world.landAll();
  const green = world.seen.filter((tree, index) => world.seen.indexOf(tree) !== index);
  // Only the red tree of T3 alone is looked at again.
  expect(new Set(green).size).toBe(1);
});

test('P4 trains of one land every change by itself, each with its own step of the target', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(3), { isGreen: () => true, rule: { lengthMax: 1 } });
  await world.landAll();
  expect(world.landings().map(({ tasks }) => tasks)).toEqual([['T1'], ['T2'], ['T3']]);
  await expectProven(world);
});

test('P4 a plan whose landing is paused keeps its finished work waiting, told why, and goes on when asked', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(2), { isGreen: () => true });
  const freeze = { what: 'landing', why: 'release freeze' } as const;
  await world.store.pausePlan('001', { ...freeze, paused: true }, actor, start);
  expect(await world.landAll()).toMatchObject({
    outcome: 'held',
    all: true,
    why: expect.stringContaining('release freeze'),
  });
  expect(world.landings()).toEqual([]);
  await world.store.pausePlan('001', { ...freeze, paused: false }, actor, start);
  expect(await world.landAll()).toEqual({ outcome: 'idle' });
  expect(world.landings().flatMap(({ tasks }) => tasks)).toEqual(['T1', 'T2']);
});

test('I7 I8 P4 work whose history came along without its content still lands, after its own checks', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const world = await stage(made, changesOf(2), { isGreen: () => true });
  // Another's merge that kept its own side, put on the target: the commit of T1 is there, its file is not.
  made.git('switch', '-q', 'orbit/001');
  made.git('merge', '-q', '-s', 'ours', '-m', 'Keep mine', 'work-T1');
  const merged = made.git('rev-parse', 'HEAD');
  made.git('switch', '-q', 'main');
  await world.store.startTarget(
    '001',
    { target: 'refs/heads/orbit/001', commit: merged, accepted: true },
    actor,
    start,
  );
  expect(await world.landAll()).toEqual({ outcome: 'idle' });
  expect(made.git('ls-tree', '--name-only', 'orbit/001').split('\n')).toEqual(['T1.txt', 'T2.txt', 'a']);
  await expect(world.statusOf('T1')).resolves.toBe('landed');
});

test('P4 P9 where checks cannot be run at all, the plan is held whole after a few tries, and nobody is blamed', async () => {
  using made = makeRepository({ files: { a: '1' } });
  let isBroken = true;
  const unable = (): string | null => (isBroken ? 'the set-up fails: no network' : null);
  const world = await stage(made, changesOf(12), { isGreen: () => true, unable });
  const step = await world.landAll();
  expect(step).toMatchObject({ outcome: 'held', all: true });
  expect(step).toMatchObject({ why: expect.stringMatching(/checks cannot be run .* no network/) as string });
  expect(world.prepared.length).toBeLessThan(12);
  isBroken = false;
  expect(await world.landAll()).toEqual({ outcome: 'idle' });
  expect(world.landings().flatMap(({ tasks }) => tasks)).toHaveLength(12);
});

test('P4 a change alone that keeps its checks from being run is held alone', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const unable = (has: (path: string) => boolean): string | null => (has('bad.txt') ? 'the set-up fails' : null);
  const world = await stage(made, changesOf(1, { T1: { 'bad.txt': 'x' } }), { isGreen: () => true, unable });
  expect(await world.landAll()).toMatchObject({ outcome: 'held', all: false, task: '001/T1' });
});
