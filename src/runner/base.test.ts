import { expect, test } from 'vitest';
import { draftTask, evidenceOf, load, planOf, claimed, accepted, at } from '../../test/conformance/store-fixture.ts';
import { makeRepository, type TestRepository } from '../../test/support/repository.ts';
import { taskKey } from '../core/id.ts';
import type { BuiltOn, Task } from '../core/task.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import { openRepository } from '../workspace/git/git-repository.ts';
import { findBase, type Base, type BaseFault } from './base.ts';

const plan = planOf('001');
const part = (id: string, commit: string): BuiltOn => ({ task: taskKey('001', id), commit });

/** Tasks T1, T2, T3 and T9, which needs them all; a plan branch at the first commit. */
async function begin(made: TestRepository): Promise<{ store: Store; base: () => Promise<Base | BaseFault> }> {
  made.git('branch', 'orbit/001');
  const store = openMemoryStore();
  const others = ['T1', 'T2', 'T3'];
  await load(store, [...others.map((id) => draftTask(id)), draftTask('T9', { dependencies: others })]);
  const repository = await openRepository(made.directory);
  return {
    store,
    base: async () =>
      findBase({ repository, store }, (await store.task(taskKey('001', 'T9')))?.task as Task, {
        plan,
        shared: [],
        now: 0,
      }),
  };
}

/** Commits files on a branch of its own from `from`, and proves the task with it. */
async function finish(
  made: TestRepository,
  store: Store,
  work: { task: string; from: string; files: Record<string, string> },
): Promise<string> {
  made.git('checkout', '-q', '--detach', work.from);
  made.write(work.files);
  const commit = made.commit(`Do ${work.task}`);
  made.git('checkout', '-q', 'main');
  const key = taskKey('001', work.task);
  const { token } = await claimed(store, 'a-1', { task: key });
  accepted(await store.execute(key, { type: 'prove', token, evidence: evidenceOf(token, { commit }) }, at(0)));
  return commit;
}

test('B4 without unlanded dependencies the base is the target', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const { base } = await begin(made);
  const target = made.git('rev-parse', 'orbit/001');
  made.write({ a: '2' });
  made.commit('The user goes on');
  expect(await base()).toEqual({ commit: target, builtOn: [] });
});

test('A4 unlanded work of dependencies is merged in, in the same way each time', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const { store, base } = await begin(made);
  const one = await finish(made, store, { task: 'T1', from: 'main', files: { b: '1' } });
  expect(await base()).toEqual({ commit: one, builtOn: [part('T1', one)] });
  const two = await finish(made, store, { task: 'T2', from: 'main', files: { c: '1' } });
  const found = (await base()) as Base;
  expect(found.builtOn).toEqual([part('T1', one), part('T2', two)]);
  expect(made.git('ls-tree', '--name-only', found.commit).split('\n')).toEqual(['a', 'b', 'c']);
  expect(await base()).toEqual(found);
});

test('A4 what a dependency was itself built on is not merged twice, landed work not again', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const { store, base } = await begin(made);
  const one = await finish(made, store, { task: 'T1', from: 'main', files: { b: '1' } });
  const two = await finish(made, store, { task: 'T2', from: one, files: { c: '1' } });
  expect(await base()).toEqual({ commit: two, builtOn: [part('T1', one), part('T2', two)] });
  made.git('branch', '-f', 'orbit/001', two);
  expect(await base()).toEqual({ commit: two, builtOn: [] });
});

test('A10 dependencies that conflict are named with their paths', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const { store, base } = await begin(made);
  await finish(made, store, { task: 'T1', from: 'main', files: { a: 'one' } });
  await finish(made, store, { task: 'T3', from: 'main', files: { a: 'three' } });
  expect(await base()).toEqual({
    fault: 'The work of T3 conflicts with refs/heads/orbit/001 with T1 in a; one of them has to land first.',
  });
});

test('a target that does not exist yet stands where HEAD is; no commit at all is told', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const { base } = await begin(made);
  made.git('branch', '-D', 'orbit/001');
  expect(await base()).toEqual({ commit: made.git('rev-parse', 'main'), builtOn: [] });
});

test('I13 finished work on the same paths is built on, so that it does not collide in the queue', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('branch', 'orbit/001');
  const store = openMemoryStore();
  await load(store, [
    draftTask('T1', { scope: ['a'] }),
    draftTask('T2', { scope: ['b'] }),
    draftTask('T9', { scope: ['a', 'c'] }),
  ]);
  const repository = await openRepository(made.directory);
  const one = await finish(made, store, { task: 'T1', from: 'main', files: { a: '2' } });
  await finish(made, store, { task: 'T2', from: 'main', files: { b: '1' } });
  const task = (await store.task(taskKey('001', 'T9')))?.task as Task;
  expect(await findBase({ repository, store }, task, { plan, shared: [], now: 0 })).toEqual({
    commit: one,
    builtOn: [part('T1', one)],
  });
  expect(await findBase({ repository, store }, task, { plan, shared: ['a'], now: 0 })).toEqual({
    commit: made.git('rev-parse', 'orbit/001'),
    builtOn: [],
  });
});

test('P4 work that was sent back does not return through a neighbour that was built on it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('branch', 'orbit/001');
  const store = openMemoryStore();
  await load(store, [draftTask('T1', { scope: ['a'] }), draftTask('T2', { scope: ['a'] })]);
  const repository = await openRepository(made.directory);
  const key = taskKey('001', 'T1');
  const one = await finish(made, store, { task: 'T1', from: 'main', files: { a: '2' } });
  await finish(made, store, { task: 'T2', from: one, files: { a: '3' } });
  accepted(await store.execute(key, { type: 'reopen', why: 'not what was asked for' }, at(0)));
  const task = (await store.task(key))?.task as Task;
  expect(await findBase({ repository, store }, task, { plan, shared: [], now: 0 })).toEqual({
    commit: made.git('rev-parse', 'orbit/001'),
    builtOn: [],
  });
});
