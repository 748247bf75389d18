import { expect, test } from 'vitest';
import { accepted, at, claimed, draftTask, evidenceOf, load, start } from '../../../test/conformance/store-fixture.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { limits } from '../../core/limits.ts';
import type { Task } from '../../core/task.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { openRepository } from '../../workspace/git/git-repository.ts';
import { conflictReason } from './conflict-words.ts';

const lines = (first: string): string => `${first}\n${'same\n'.repeat(5)}`;

/** A landed task that changed `a`, one that changed something else, and a done one that meets the first. */
async function conflict(
  made: TestRepository,
  landedText: string,
): Promise<{ store: Store; task: Task; base: string; from: string }> {
  const store = openMemoryStore();
  await load(store, [
    draftTask('T1', { title: 'Make it *left*\n\nnow' }),
    draftTask('T2'),
    draftTask('T3', { title: 'Right' }),
  ]);
  const from = made.git('rev-parse', 'HEAD');
  made.git('switch', '-q', '-c', 'target');
  for (const [id, files] of [
    ['T1', { a: landedText }],
    ['T2', { far: 'other' }],
  ] as const) {
    const { token } = await claimed(store, `agent-${id}`, { task: `001/${id}` });
    const base = made.git('rev-parse', 'HEAD');
    made.write(files);
    const commit = made.commit(id);
    const evidence = evidenceOf(token, { agent: `agent-${id}`, commit, base });
    accepted(await store.execute(`001/${id}`, { type: 'prove', token, evidence }, at(0)));
    accepted(await store.execute(`001/${id}`, { type: 'queue-landing' }, at(1)));
    const tree = made.git('rev-parse', 'HEAD^{tree}');
    const land = { type: 'land', commit, landedAs: commit, tree, target: 'refs/heads/orbit/001' } as const;
    accepted(await store.execute(`001/${id}`, land, at(2)));
  }
  const base = made.git('rev-parse', 'HEAD');
  made.git('switch', '-q', '-c', 'work', from);
  made.write({ a: lines('right') });
  const commit = made.commit('Right');
  const { token } = await claimed(store, 'agent-T3', { task: '001/T3' });
  const evidence = evidenceOf(token, { commit, base: from });
  const done = accepted(await store.execute('001/T3', { type: 'prove', token, evidence }, at(3)));
  return { store, task: done.record.task, base, from };
}

async function reasonOf(
  made: TestRepository,
  landedText: string,
): Promise<{ reason: string; ref: string; base: string }> {
  const { store, task, base, from } = await conflict(made, landedText);
  const repository = await openRepository(made.directory);
  const merge = await repository.merge(base, task.evidence?.commit ?? '', from);
  if (merge.clean) throw new Error('it is meant to conflict');
  const clock = { now: () => start, monotonicMs: () => 0, sleep: async () => undefined };
  const ports = { store, repository, clock, redact: (text: string) => text.replaceAll('hunter22', '[secret]') };
  const reason = await conflictReason(ports, { task, merge, from, base });
  expect(await conflictReason(ports, { task, merge, from, base }), 'again').toBe(reason);
  return { reason, ref: `refs/orbit/conflict/T3/${task.evidence?.token}`, base };
}

test('P4 a bounce names paths, the tasks that changed them with title and patch, the new base, and the kept merge', async () => {
  using made = makeRepository({ files: { a: lines('start'), far: '1' } });
  const { reason, ref, base } = await reasonOf(made, lines('left hunter22'));
  expect(reason.split('\n')[0]).toBe('it conflicts with the target in a; landed since it began: T1 Make it *left* now');
  expect(reason).toContain(`The new base is ${base.slice(0, 12)}`);
  expect(reason).toMatch(/What T1 \(Make it \*left\* now, by agent-T1\) changed there.*-start\n\+left \[secret\]/s);
  expect(reason).not.toContain('T2');
  expect(reason).toContain(ref);
  expect(made.git('show', `${ref}:a`)).toMatch(/<<<<<<<.*left.*=======.*right.*>>>>>>>/s);
  expect(made.git('rev-list', '--parents', '--max-count=1', ref).split(' ').slice(1)).toEqual([
    base,
    made.git('rev-parse', 'work'),
  ]);
});

test('P4 however large the other change, the reason keeps its limit and what matters', async () => {
  using made = makeRepository({ files: { a: lines('start'), far: '1' } });
  const { reason, ref } = await reasonOf(made, lines('left').repeat(2_000));
  expect(reason.length).toBeLessThanOrEqual(limits.reasonLengthMax);
  for (const part of ['landed since it began: T1', ref, '+left', 'more lines']) expect(reason).toContain(part);
});

test('P4 where no task is known to have changed the paths, what is on the target is told', async () => {
  using made = makeRepository({ files: { a: lines('start') } });
  const from = made.git('rev-parse', 'HEAD');
  made.write({ a: lines('by a person') });
  const base = made.commit('A person was here');
  made.git('switch', '-q', '-c', 'work', from);
  made.write({ a: lines('right') });
  const commit = made.commit('Right');
  const store = openMemoryStore();
  await load(store, [draftTask('T1')]);
  const { token } = await claimed(store, 'a-1');
  const evidence = evidenceOf(token, { commit, base: from });
  const done = accepted(await store.execute('001/T1', { type: 'prove', token, evidence }, at(1)));
  const repository = await openRepository(made.directory);
  const merge = await repository.merge(base, commit, from);
  if (merge.clean) throw new Error('it is meant to conflict');
  const clock = { now: () => start, monotonicMs: () => 0, sleep: async () => undefined };
  const order = { task: done.record.task, merge, from, base };
  expect(await conflictReason({ store, repository, clock }, order)).toContain(
    'in a; on the target since it began: A person was here\n',
  );
});
