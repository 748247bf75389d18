import { expect, test } from 'vitest';
import {
  asking,
  at,
  codeOf,
  draftTask,
  expectSound,
  load,
  planOf,
  start,
} from '../../../test/conformance/store-fixture.ts';
import { openMemoryStore, type Faults } from './memory-store.ts';

/** Fails once, at the next commit of the verb. */
function failing(when: keyof Faults, verb: string): { faults: Faults; arm: () => void } {
  let isArmed = false;
  const fail = (committed: string): void => {
    if (!isArmed || committed !== verb) return;
    isArmed = false;
    throw new Error(`crash ${when} of ${verb}`);
  };
  return { faults: { [when]: fail }, arm: () => void (isArmed = true) };
}

test('P13 a crash before the commit leaves nothing behind, whatever the verb wrote', async () => {
  const { faults, arm } = failing('beforeCommit', 'applyPlan');
  await using store = openMemoryStore({ faults });
  await load(store, [draftTask('T1'), draftTask('T2', { dependencies: ['T1'] })]);
  const before = [await store.tasks({}, start), await store.events({ since: 0 }), await store.plan('001')];
  arm();
  const newer = [
    draftTask('T1', { title: 'Other', ticked: true }),
    draftTask('T2', { dependencies: ['T3'] }),
    draftTask('T3'),
  ];
  await expect(load(store, newer)).rejects.toThrow('crash beforeCommit');
  expect([await store.tasks({}, start), await store.events({ since: 0 }), await store.plan('001')]).toEqual(before);
  await expectSound(store);
  expect(await load(store, newer)).toMatchObject({ created: 1, changed: 2 });
  await expectSound(store);
});

test('P13 a crash after the commit leaves all of it, and the caller finds out by looking', async () => {
  const { faults, arm } = failing('afterCommit', 'claim');
  await using store = openMemoryStore({ faults });
  await load(store, [draftTask('T1', { scope: ['a'] }), draftTask('T2', { scope: ['a'] })]);
  arm();
  await expect(store.claim(asking('a-1'), 'a-1', start)).rejects.toThrow('crash afterCommit');
  expect((await store.attempts({ live: true })).map(({ task }) => task)).toEqual(['001/T1']);
  expect(codeOf(await store.claim(asking('a-2'), 'a-2', start))).toBe('nothing-ready');
  await expectSound(store);
});

test('P13 a crashed claim gives its token to the next one', async () => {
  const { faults, arm } = failing('beforeCommit', 'claim');
  await using store = openMemoryStore({ faults });
  await load(store, [draftTask('T1')]);
  arm();
  await expect(store.claim(asking('a-1'), 'a-1', start)).rejects.toThrow('crash');
  expect(await store.claim(asking('a-1'), 'a-1', start)).toMatchObject({ token: 1 });
});

test('P13 every changing verb can be made to fail', async () => {
  const seen = new Set<string>();
  await using store = openMemoryStore({ faults: { beforeCommit: (verb) => seen.add(verb) } });
  await load(store, [draftTask('T1')]);
  await store.pausePlan('001', { paused: true, what: 'work', why: '' }, 'a', start);
  await store.startTarget('001', { target: planOf('001').target, commit: 'c', accepted: false }, 'a', start);
  await store.setScores('001', new Map());
  await store.claim(asking('a'), 'a', start);
  await store.execute('001/T1', { type: 'hold', why: '' }, at(0));
  await store.beat(1, {
    at: 0,
    expiresAt: 0,
    step: 0,
    activeAt: 0,
    doing: '',
    runner: null,
    agent: null,
    tokens: 0,
    costUsd: 0,
    contextUsed: null,
    contextSize: null,
    todo: null,
    session: null,
    model: null,
  });
  await store.record({ type: 'clock-jumped', gapMs: 1 }, 'a', start);
  await store.lead('a', 1, start);
  await store.resign('a');
  await store.saveVerdict({ tree: '', check: '', green: true, tail: '', at: start });
  await store.send({ id: 'm', from: 'a', to: 'b', task: null, text: '', at: start });
  await store.acknowledge('b', ['m'], start);
  await store.note({
    id: 'n',
    kind: 'claim',
    title: '',
    text: '',
    paths: [],
    author: 'a',
    task: null,
    commit: null,
    at: start,
  });
  expect([...seen]).toEqual([
    'applyPlan',
    'pausePlan',
    'startTarget',
    'setScores',
    'claim',
    'execute',
    'beat',
    'record',
    'lead',
    'resign',
    'saveVerdict',
    'send',
    'acknowledge',
    'note',
  ]);
});

test('a store in memory hands out values that later changes leave alone', async () => {
  await using store = openMemoryStore();
  const { plan } = await load(store, [draftTask('T1')]);
  const record = await store.task('001/T1');
  await store.execute('001/T1', { type: 'hold', why: 'later' }, at(0));
  expect(record?.task.hold).toBe(null);
  expect(plan).toEqual(planOf('001'));
});
