import { expect, test } from 'vitest';
import { accepted, at, claimed, draftTask, evidenceOf, load, planOf } from '../../test/conformance/store-fixture.ts';
import { makeRepository, type TestRepository } from '../../test/support/repository.ts';
import { taskKey } from '../core/id.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { openWorkspaces } from '../workspace/git/git-workspaces.ts';
import { openRepository } from '../workspace/git/git-repository.ts';
import type { LandingContext } from './landing/step.ts';
import { mergeBack } from './merge-back.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

/** Lands the files on the target as the task's work; answers the commit. */
function commitOn(made: TestRepository, files: Record<string, string>): string {
  made.git('switch', '-q', 'orbit/001');
  made.write(files);
  const commit = made.commit('Land');
  made.git('switch', '-q', 'main');
  return commit;
}

/** What merging back says when these commits are what landed. */
async function merge(
  made: TestRepository,
  commits: readonly string[],
  { how = 'fast-forward', checks = [] }: { how?: 'fast-forward' | 'merge'; checks?: readonly string[] } = {},
): Promise<string | null> {
  const store = openMemoryStore();
  const ids = commits.map((_, index) => `T${index}`);
  await load(
    store,
    ids.map((id) => draftTask(id)),
  );
  for (const [index, landedAs] of commits.entries()) {
    const key = taskKey('001', ids[index] ?? '');
    const { token } = await claimed(store, 'a-1', { task: key });
    const evidence = evidenceOf(token);
    accepted(await store.execute(key, { type: 'prove', token, evidence }, at(0)));
    accepted(await store.execute(key, { type: 'queue-landing' }, at(0)));
    const land = { commit: evidence.commit ?? '', landedAs, tree: 't', target: 'refs/heads/orbit/001' };
    accepted(await store.execute(key, { type: 'land', ...land }, at(index)));
  }
  const clock = { now: () => 0, monotonicMs: () => 0, sleep: async () => undefined };
  const repository = await openRepository(made.directory);
  const run = async (check: string) => ({ green: check !== 'red', ran: true, tail: `ran ${check}` });
  const opened = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 1 });
  const ports: Partial<CoordinatorPorts> = {
    store,
    repository,
    clock,
    workspaces: opened,
    checks: { prepare: async () => null, run },
  };
  const settings: Partial<CoordinatorSettings> = { landingChecks: checks, bring: [] };
  return mergeBack({ ports, settings } as LandingContext, planOf('001'), how);
}

test('E10 the branch follows when all on the target is what landed, its files as well', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('branch', 'orbit/001');
  const landed = [commitOn(made, { b: '1' }), commitOn(made, { c: '1' })];
  expect(await merge(made, landed)).toBe('main now has all that landed on orbit/001');
  expect(made.git('rev-parse', 'main')).toBe(landed[1]);
  expect(made.git('status', '--porcelain')).toBe('');
});

test('I8 the branch does not follow to a commit that did not land, nor over one', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const main = made.git('rev-parse', 'main');
  made.git('branch', 'orbit/001');
  const first = commitOn(made, { b: '1' });
  const foreign = commitOn(made, { evil: '1' });
  expect(await merge(made, [first])).toContain(`${foreign.slice(0, 12)} on orbit/001 is not from Orbit`);
  const last = commitOn(made, { c: '1' });
  expect(await merge(made, [first, last])).toContain(`${foreign.slice(0, 12)} on orbit/001 is not from Orbit`);
  expect(made.git('rev-parse', 'main')).toBe(main);
});

test('E10 a branch that has gone on takes the work over by a merge, once the checks are green at that very tree', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('branch', 'orbit/001');
  const landed = [commitOn(made, { b: '1' })];
  made.write({ a: '2' });
  expect(await merge(made, landed)).toContain('main has changes of its own');
  const own = made.commit('Go on');
  expect(await merge(made, landed, { how: 'merge', checks: ['red'] })).toContain(
    'check "red" fails at the tree that the branch would have: ran red',
  );
  expect(made.git('rev-parse', 'main')).toBe(own);
  expect(await merge(made, landed, { how: 'merge', checks: ['green'] })).toBe(
    'main now has all that landed on orbit/001',
  );
  expect(made.git('rev-list', '--parents', '-1', 'main').split(' ').slice(1)).toEqual([own, landed[0]]);
  expect(made.git('ls-files')).toBe('a\nb');
  expect(made.git('status', '--porcelain', '--untracked-files=no')).toBe('');
});

test('E10 a branch that conflicts with what landed is left to its owner', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('branch', 'orbit/001');
  const landed = [commitOn(made, { a: '2' })];
  made.write({ a: '3' });
  const own = made.commit('Go on');
  expect(await merge(made, landed, { how: 'merge' })).toContain(
    'conflicts with orbit/001 in a: take it over with git merge orbit/001',
  );
  expect(made.git('rev-parse', 'main')).toBe(own);
});

test('C13 a branch that has gone on is merged only where that was asked for', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('branch', 'orbit/001');
  const landed = commitOn(made, { b: '1' });
  made.write({ c: '1' });
  const own = made.commit('Mine');
  expect(await merge(made, [landed])).toContain('main has gone on by itself');
  expect(made.git('rev-parse', 'main')).toBe(own);
  expect(await merge(made, [landed], { how: 'merge' })).toBe('main now has all that landed on orbit/001');
  expect(made.git('log', '-1', '--format=%P', 'main')).toBe(`${own} ${landed}`);
});
