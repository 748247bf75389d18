import { expect, test } from 'vitest';
import { taskWith } from '../../../test/support/core-samples.ts';
import { GitModel } from '../../../test/simulation/git-model.ts';
import { SimRepository } from '../../../test/simulation/repository.ts';
import type { Evidence, Task } from '../../core/task.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import { newCoordinatorState } from '../state.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import { buildCandidate } from './candidate.ts';
import type { LandingContext } from './step.ts';
import { landedRef } from './landed-ref.ts';
import { takeBack } from './move-target.ts';

const target = 'refs/heads/orbit/001';

interface Stage {
  git: GitModel;
  repository: SimRepository;
  base: string;
  task: Task;
  context: LandingContext;
}

/** A target with one file, and finished work on a branch of its own that changes `path`. */
function stage(path: string, scope: readonly string[]): Stage {
  const git = new GitModel();
  const first = new Map([
    ['src/a.ts', 'old'],
    ['yarn.lock', 'old'],
  ]);
  const base = git.writeCommit({ tree: git.writeTree(first), parents: [], message: 'first', atMs: 0 });
  const commit = git.writeCommit({
    tree: git.writeTree(new Map(first).set(path, 'new')),
    parents: [base],
    message: 'work',
    atMs: 1,
  });
  git.refs.set(target, base);
  git.refs.set('refs/heads/work', commit);
  const evidence: Evidence = {
    token: 3,
    agent: 'a-1',
    commit,
    base,
    tree: null,
    branch: null,
    commits: 1,
    files: 1,
    checks: [],
    noChanges: null,
    at: 1,
  };
  const landing = { state: 'queued', commit, queuedAt: 1, begunAt: 2, landedAs: null, landedAt: null } as const;
  const watcher = { moving: () => undefined, reach: () => undefined };
  const repository = new SimRepository(git, {
    by: 'test',
    watcher,
    isAlive: () => true,
    user: { target, checkout: { present: false, dirty: false, at: null, holder: null } },
    through: (hold) => hold,
  });
  const clock = { now: () => 5, monotonicMs: () => 5, sleep: async () => undefined };
  const ports = {
    store: openMemoryStore(),
    repository,
    clock,
    log: () => undefined,
  } as Partial<CoordinatorPorts> as CoordinatorPorts;
  const context: LandingContext = { ports, settings: {} as CoordinatorSettings, state: newCoordinatorState() };
  return { git, repository, base, task: taskWith({ id: 'T1', scope, evidence, landing }), context };
}

test('I9 a landing taken back cannot be finished by one who began it and slept', async () => {
  const { git, repository, base, task, context } = stage('src/a.ts', ['src/**']);
  const built = await buildCandidate(context.ports, { task, base, shared: [] });
  if (!built.ok) throw new Error(built.cause);
  const { commit } = built.candidate;
  const late = [
    { ref: target, from: base, to: commit },
    { ref: landedRef(task), from: null, to: commit },
  ];
  await takeBack(context, task, null);
  expect(await repository.moveRefs(late)).toBe(false);
  expect(git.refs.get(target)).toBe(base);
});

test('I9 a landing that went on meanwhile is not taken back', async () => {
  const { git, repository, base, task, context } = stage('src/a.ts', ['src/**']);
  const work = task.evidence?.commit ?? '';
  await repository.moveRefs([
    { ref: target, from: base, to: work },
    { ref: landedRef(task), from: null, to: work },
  ]);
  await takeBack(context, task, null);
  expect(git.refs.get(landedRef(task))).toBe(work);
});

test('I13 a path that all may write lands with any scope, another path outside it does not', async () => {
  const lock = stage('yarn.lock', ['src/**']);
  expect(
    await buildCandidate(lock.context.ports, { task: lock.task, base: lock.base, shared: ['yarn.lock'] }),
  ).toMatchObject({ ok: true });
  expect(await buildCandidate(lock.context.ports, { task: lock.task, base: lock.base, shared: [] })).toMatchObject({
    ok: false,
    cause: 'scope',
  });
});
