/** Cases of the store suite about the event log, leadership and verdicts. */
import { expect } from 'vitest';
import { firstMisfit } from '../../src/store/hash.ts';
import {
  accepted,
  actor,
  asking,
  at,
  claimed,
  codeOf,
  draftTask,
  finish,
  load,
  start,
  type StoreCase,
} from './store-fixture.ts';

export const logCases: Record<string, StoreCase> = {
  'C3 events are numbered per project and per actor, and replayed from any number': async ({ store, other }) => {
    await load(store, [draftTask('T1'), draftTask('T2')]);
    await load(other, [draftTask('T1')], { plan: '002' });
    await claimed(other, 'a-1');
    await claimed(store, 'b-1', { plan: '001' });
    await store.record({ type: 'coordinator-started', epoch: 1, host: 'here', pid: 7 }, 'coordinator', start);
    const all = await other.events({ since: 0 });
    expect(all.map(({ seq, actor: who, actorSeq, body }) => [seq, who, actorSeq, body.type])).toEqual([
      [1, actor, 1, 'plan-created'],
      [2, actor, 2, 'task-created'],
      [3, actor, 3, 'task-created'],
      [4, actor, 4, 'plan-created'],
      [5, actor, 5, 'task-created'],
      [6, 'agent:a-1', 1, 'task-claimed'],
      [7, 'agent:b-1', 1, 'task-claimed'],
      [8, 'coordinator', 1, 'coordinator-started'],
    ]);
    expect(await store.events({ since: 3, limit: 2 })).toEqual(all.slice(3, 5));
    expect(await store.events({ since: 8 })).toEqual([]);
    expect((await store.events({ since: 0, plan: '002' })).map(({ seq }) => seq)).toEqual([4, 5]);
    expect((await store.events({ since: 2, task: '001/T1' })).map(({ seq }) => seq)).toEqual([6]);
    expect(await store.events({ since: 0, plan: '001', task: '002/T1' })).toEqual([]);
    expect(await store.lastSeq()).toBe(8);
    expect(all[7]).toMatchObject({ plan: null, task: null, attempt: null });
  },

  'C3 I4 writers through two handles share no number and leave no gap': async ({ store, other }) => {
    await load(store, [draftTask('T1'), draftTask('T2')]);
    const advise = (handle: typeof store, id: 'T1' | 'T2', who: string) =>
      Array.from({ length: 25 }, (_, index) =>
        handle.execute(
          `001/${id}`,
          { type: 'advise', advice: `${index} é " \u0000 \u2028 😀` },
          { ...at(index), actor: who },
        ),
      );
    const answers = await Promise.all([
      ...advise(store, 'T1', 'one'),
      ...advise(other, 'T2', 'two'),
      ...advise(other, 'T1', 'one'),
    ]);
    const seqs = answers.map((answer) => accepted(answer).events[0]?.seq);
    expect(new Set(seqs).size).toBe(75);
    expect(await store.lastSeq()).toBe(3 + 75);
  },

  'I18 the chain covers every field of every event, and its end': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    await finish(store, '001/T1');
    const events = await store.events({ since: 0 });
    const head = { seq: events.length, hash: events.at(-1)?.hash ?? '' };
    expect(await store.verifyLog()).toBe(null);
    const third = events[2] as (typeof events)[number];
    const changes = [
      { seq: 9 },
      { at: 1 },
      { actor: 'x' },
      { actorSeq: 9 },
      { plan: 'x' },
      { task: null },
      { attempt: 9 },
      { hash: '0' },
    ];
    for (const change of changes) {
      expect(firstMisfit(events.toSpliced(2, 1, { ...third, ...change }), head)).toBe(3);
    }
    const body = { ...third.body, token: 9 } as typeof third.body;
    expect(firstMisfit(events.toSpliced(2, 1, { ...third, body }), head)).toBe(3);
    expect(firstMisfit(events.toSpliced(1, 1), head)).toBe(2);
    expect(firstMisfit(events.slice(0, -1), head)).toBe(events.length);
    expect(firstMisfit([...events, { ...third, seq: 5 }], head)).toBe(5);
    expect(firstMisfit(events, head)).toBe(null);
  },

  'B9 one holder leads until its lease ends, each new holder with a higher epoch': async ({ store, other }) => {
    expect(await store.leader()).toBe(null);
    expect(await store.lead('one', 10_000, start)).toEqual({ holder: 'one', epoch: 1, expiresAt: start + 10_000 });
    expect(await other.lead('two', 10_000, start + 9_999)).toBe(null);
    expect(await store.lead('one', 10_000, start + 5_000)).toEqual({
      holder: 'one',
      epoch: 1,
      expiresAt: start + 15_000,
    });
    expect(await other.lead('two', 10_000, start + 14_999)).toBe(null);
    expect(await other.lead('two', 10_000, start + 15_000)).toMatchObject({ holder: 'two', epoch: 2 });
    expect(await store.lead('one', 10_000, start + 15_001)).toBe(null);
    await store.resign('one');
    expect(await store.leader()).toMatchObject({ holder: 'two', epoch: 2 });
    await other.resign('two');
    expect(await store.leader()).toBe(null);
    expect(await store.lead('one', 10_000, start + 15_002)).toMatchObject({ holder: 'one', epoch: 3 });
    expect(await store.lastSeq()).toBe(0);
  },

  'B9 a coordinator that no longer leads changes nothing': async ({ store, other }) => {
    await load(store, [draftTask('T1')]);
    await store.lead('one', 10_000, start);
    const { token } = await claimed(store, 'a-1', { epoch: 1 });
    await other.lead('two', 10_000, start + 10_000);
    const seq = await store.lastSeq();
    const fail = { type: 'release', token, reason: 'shutdown', commit: null } as const;
    expect(codeOf(await store.execute('001/T1', fail, { ...at(0), epoch: 1 }))).toBe('not-leading');
    expect(codeOf(await store.claim(asking('a-1', { epoch: 1 }), actor, start))).toBe('not-leading');
    expect(await store.lastSeq()).toBe(seq);
    expect(codeOf(await store.execute('001/T1', fail, { ...at(0), epoch: 2 }))).toBe('accepted');
  },

  'P4 a verdict is kept by tree and check': async ({ store, other }) => {
    const verdict = { tree: 'a'.repeat(40), check: 'npm test', green: false, tail: 'boom\n', at: start };
    expect(await store.verdict(verdict.tree, verdict.check)).toBe(null);
    await store.saveVerdict(verdict);
    expect(await other.verdict(verdict.tree, verdict.check)).toEqual(verdict);
    expect(await other.verdict(verdict.tree, 'npm run lint')).toBe(null);
    await store.saveVerdict({ ...verdict, green: true });
    expect(await store.verdict(verdict.tree, verdict.check)).toMatchObject({ green: true });
  },
};
