/** Cases of the store suite about unlanded work: what an attempt is built on is kept, and nobody starts too deep on it. */
import { expect } from 'vitest';
import type { StackRule } from '../../src/core/early-start.ts';
import {
  accepted,
  actor,
  asking,
  at,
  claimed,
  codeOf,
  draftTask,
  evidenceOf,
  finish,
  landed,
  load,
  start,
  type StoreCase,
} from './store-fixture.ts';

const quiet: StackRule = { depthMax: 2, pace: { landingMs: null, queued: 0, sentBackShare: 0 } };
const builtOn = [{ task: '001/T1', commit: 'a'.repeat(40) }] as const;
const prepared = { branch: 'b', workspace: 'w', base: 'x', logs: 'l', builtOn } as const;

/** T1 to T4, each needs the one before. */
const chain = [1, 2, 3, 4].map((number) =>
  draftTask(`T${number}`, number === 1 ? {} : { dependencies: [`T${number - 1}`] }),
);

export const stackCases: Record<string, StoreCase> = {
  'A10 what an attempt is built on is kept from its start to its evidence': async ({ store }) => {
    await load(store, [draftTask('T1'), draftTask('T2')]);
    const { token } = await claimed(store, 'a-1', { task: '001/T2' });
    accepted(await store.execute('001/T2', { type: 'prepare', token, ...prepared }, at(1)));
    expect((await store.attempt(token))?.builtOn).toEqual(builtOn);
    const tell = {
      type: 'tell-change',
      token,
      dependency: '001/T1',
      commit: 'a'.repeat(40),
      why: 'sent back',
    } as const;
    accepted(await store.execute('001/T2', tell, at(2)));
    expect(codeOf(await store.execute('001/T2', tell, at(3)))).toBe('already-done');
    accepted(await store.execute('001/T2', { type: 'prove', token, evidence: evidenceOf(token) }, at(4)));
    expect((await store.task('001/T2'))?.task.evidence?.builtOn).toEqual(builtOn);
  },

  'A10 restacked work leaves the queue, keeps its dependants and lands with its new commit': async ({ store }) => {
    await load(store, chain);
    await finish(store, '001/T1');
    const from = (await store.task('001/T1'))?.task.evidence?.commit ?? '';
    accepted(await store.execute('001/T1', { type: 'queue-landing' }, at(1)));
    const commit = 'e'.repeat(40);
    accepted(await store.execute('001/T1', { type: 'restack', from, commit, base: 'b', tree: 't', builtOn }, at(2)));
    expect((await store.task('001/T1'))?.task).toMatchObject({
      landing: null,
      evidence: { commit, base: 'b', tree: 't', builtOn, restackedFrom: from },
    });
    expect((await store.task('001/T2'))?.unmet).toBe(0);
    expect((await landed(store, '001/T1', 3)).record.task.landing).toMatchObject({ state: 'landed', commit });
  },

  'A10 I14 a coordinator starts nothing on deeper work than the rule allows': async ({ store }) => {
    await load(store, [...chain, draftTask('T9')], { scores: { T1: 9, T2: 8, T3: 7, T4: 6, T9: 1 } });
    for (const id of ['T1', 'T2', 'T3'] as const) await finish(store, `001/${id}`);
    // T4 comes first by its score; by the rule T9 does.
    const shallow = await claimed(store, 'a-1', { stack: quiet });
    expect(shallow.task.id).toBe('T9');
    expect(codeOf(await store.claim(asking('a-2', { stack: quiet }), actor, start))).toBe('nothing-ready');
    await landed(store, '001/T1');
    expect((await claimed(store, 'a-2', { stack: quiet })).task.id).toBe('T4');
  },

  'A10 a person may ask for any task by name, and without a rule nothing is kept back': async ({ store }) => {
    await load(store, chain);
    for (const id of ['T1', 'T2'] as const) await finish(store, `001/${id}`);
    const never = { ...quiet, depthMax: 0 };
    expect(codeOf(await store.claim(asking('a-1', { stack: never }), actor, start))).toBe('nothing-ready');
    expect((await claimed(store, 'a-1', { stack: never, task: '001/T3' })).task.id).toBe('T3');
    accepted(await store.execute('001/T3', { type: 'prove', token: 3, evidence: evidenceOf(3) }, at(1)));
    expect((await claimed(store, 'a-1')).task.id).toBe('T4');
  },

  'A10 nobody starts on work whose own base was sent back': async ({ store }) => {
    await load(store, chain);
    await finish(store, '001/T1');
    const { token } = await claimed(store, 'a-1', { task: '001/T2' });
    const commit = (await store.task('001/T1'))?.task.evidence?.commit ?? '';
    const below = [{ task: '001/T1', commit }] as const;
    accepted(await store.execute('001/T2', { type: 'prepare', token, ...prepared, builtOn: below }, at(1)));
    accepted(await store.execute('001/T2', { type: 'prove', token, evidence: evidenceOf(token) }, at(2)));
    accepted(await store.execute('001/T1', { type: 'reopen', why: 'not so' }, at(3)));
    const next = await claimed(store, 'a-1', { stack: quiet });
    expect(next.task.id).toBe('T1');
    expect(codeOf(await store.claim(asking('a-2', { stack: quiet }), actor, start))).toBe('nothing-ready');
  },
};
