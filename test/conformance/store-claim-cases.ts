/** Cases of the store suite about claims, tokens, leases, scopes and what an attempt may still write. */
import { expect } from 'vitest';
import type { Pulse } from '../../src/core/attempt.ts';
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
  leaseMs,
  load,
  rule,
  start,
  type StoreCase,
} from './store-fixture.ts';

const pulse = (ms: number, changes: Partial<Pulse> = {}): Pulse => ({
  at: start + ms,
  expiresAt: start + ms + leaseMs,
  step: 3,
  activeAt: start + ms,
  doing: 'edit',
  runner: null,
  agent: null,
  tokens: 10,
  costUsd: 0.5,
  contextUsed: 1_000,
  contextSize: 200_000,
  todo: { done: 1, total: 2, now: 'write the test' },
  session: 's-1',
  model: null,
  ...changes,
});

export const claimCases: Record<string, StoreCase> = {
  'D5 a claim gives the best task, a token, an attempt and an event': async ({ store }) => {
    await load(store, [draftTask('T1'), draftTask('T2')], { scores: { T1: 1, T2: 2 } });
    const where = { base: 'b'.repeat(40), workspace: '/w', branch: 'orbit-work/001/T2-1' };
    const claim = await claimed(store, 'claude-1', { byHand: true, ...where, ms: 7 });
    expect(claim).toMatchObject({ token: 1, expiresAt: start + 7 + leaseMs, task: { key: '001/T2', attempts: 1 } });
    expect((await store.task('001/T2'))?.task).toEqual(claim.task);
    const attempt = await store.attempt(1);
    expect(attempt).toMatchObject({
      token: 1,
      task: '001/T2',
      agent: 'claude-1',
      byHand: true,
      startedAt: start + 7,
      endedAt: null,
      ...where,
    });
    expect(attempt?.pulse).toMatchObject({ at: start + 7, expiresAt: start + 7 + leaseMs });
    const [event] = (await store.events({ since: 0, task: '001/T2' })).slice(-1);
    expect(event).toMatchObject({ actor: 'agent:claude-1', attempt: 1, plan: '001', task: '001/T2', at: start + 7 });
  },

  'D5 a claim without anything ready, for another plan or agent, is refused': async ({ store }) => {
    await load(store, [draftTask('T1', { agent: 'claude' })]);
    expect(codeOf(await store.claim(asking('codex-1'), actor, start))).toBe('nothing-ready');
    expect(codeOf(await store.claim(asking('claude-1', { plan: '404' }), actor, start))).toBe('nothing-ready');
    expect(codeOf(await store.claim(asking('codex-1', { task: '001/T1' }), actor, start))).toBe('agent-not-wanted');
    expect(codeOf(await store.claim(asking('claude-1', { task: '001/T9' }), actor, start))).toBe('task-not-found');
    await claimed(store, 'claude-1', { plan: '001' });
    expect(codeOf(await store.claim(asking('claude-1', { task: '001/T1' }), actor, start))).toBe('task-claimed');
    expect(codeOf(await store.claim(asking('claude-1'), actor, start))).toBe('nothing-ready');
  },

  'I1 D5 claims through two handles at once give every task once, with growing tokens': async ({ store, other }) => {
    const ids = Array.from({ length: 40 }, (_, index) => `T${index}`);
    await load(
      store,
      ids.map((id) => draftTask(id)),
    );
    const claims = ids.flatMap((id, index) => [
      store.claim(asking(`a-${index}`), actor, start),
      other.claim(asking(`b-${index}`), actor, start),
      other.claim(asking(`c-${index}`, { task: `001/${id}` }), actor, start),
    ]);
    const given = (await Promise.all(claims)).filter((answer) => 'token' in answer);
    expect(given.map(({ task }) => task.id).sort()).toEqual([...ids].sort());
    expect(given.map(({ token }) => token).sort((one, two) => one - two)).toEqual(ids.map((_, index) => index + 1));
    expect((await store.attempts({ live: true })).length).toBe(ids.length);
  },

  'P3 I2 a write with an old token changes nothing, a late result is kept in the log': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const old = (await claimed(store, 'claude-1')).token;
    const late = leaseMs + 1;
    accepted(
      await store.execute(
        '001/T1',
        { type: 'expire', token: old, runnerGone: false, reason: 'no beat', rule },
        at(late),
      ),
    );
    const next = await claimed(store, 'codex-1', { ms: late + rule.retryDelayMs });
    expect(next.token).toBe(old + 1);
    const before = await store.task('001/T1');
    const seq = await store.lastSeq();
    const tries = [
      { type: 'prepare', token: old, branch: 'b', workspace: 'w', base: 'x', logs: 'l' },
      { type: 'fail', token: old, outcome: 'failed', reason: '', commit: null, rule },
      { type: 'expire', token: old, runnerGone: true, reason: '', rule },
      { type: 'release', token: old, reason: '', commit: null },
      { type: 'block', token: old, kind: 'blocked', reason: '' },
      { type: 'report', token: old, commit: null, noChanges: 'none' },
    ] as const;
    for (const command of tries) expect(codeOf(await store.execute('001/T1', command, at(late)))).toBe('lease-lost');
    expect(await store.beat(old, pulse(late))).toBe(false);
    expect(await store.lastSeq()).toBe(seq);
    const prove = { type: 'prove', token: old, evidence: evidenceOf(old) } as const;
    expect(codeOf(await store.execute('001/T1', prove, at(late)))).toBe('lease-lost');
    expect(await store.task('001/T1')).toEqual(before);
    const kept = await store.events({ since: seq });
    expect(kept.map(({ body }) => body)).toEqual([
      { type: 'late-result-kept', token: old, commit: evidenceOf(old).commit, reason: expect.any(String) as string },
    ]);
    expect(kept[0]?.attempt).toBe(old);
  },

  'P3 the same proof again is told apart from a lost claim': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const token = await finish(store, '001/T1');
    const again = await store.execute('001/T1', { type: 'prove', token, evidence: evidenceOf(token) }, at(1));
    expect(codeOf(again)).toBe('already-done');
    expect(await store.attempt(token)).toMatchObject({
      outcome: 'done',
      endedAt: start,
      commit: evidenceOf(token).commit,
    });
    expect(await store.beat(token, pulse(1))).toBe(false);
  },

  'I1 a beat moves the lease that an expiry is judged by': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const { token } = await claimed(store, 'claude-1');
    expect(await store.beat(token, pulse(20_000))).toBe(true);
    expect(await store.beat(404, pulse(20_000))).toBe(false);
    expect((await store.attempt(token))?.pulse).toEqual(pulse(20_000));
    const expire = { type: 'expire', token, runnerGone: false, reason: 'silent', rule } as const;
    expect(codeOf(await store.execute('001/T1', expire, at(leaseMs + 1)))).toBe('not-running');
    accepted(
      await store.execute(
        '001/T1',
        { type: 'prepare', token, branch: 'b', workspace: 'w', base: 'x', logs: 'l' },
        at(1),
      ),
    );
    expect((await store.attempt(token))?.pulse).toEqual(pulse(20_000));
    expect(accepted(await store.execute('001/T1', expire, at(50_000))).record.task.failures).toHaveLength(1);
    expect(await store.attempt(token)).toMatchObject({
      outcome: 'lost',
      reason: 'silent',
      branch: 'b',
      workspace: 'w',
      logs: 'l',
    });
  },

  'I13 D5 overlapping scopes never run at once, and are free again however the attempt ends': async ({ store }) => {
    const scope = ['src/a/**'];
    await load(store, [
      draftTask('T1', { scope }),
      draftTask('T2', { scope: ['src/a/x.ts'] }),
      draftTask('T3', { scope: ['src/b/**'] }),
      draftTask('T4'),
    ]);
    const first = await claimed(store, 'a-1');
    expect(codeOf(await store.claim(asking('a-2', { task: '001/T2' }), actor, start))).toBe('scope-taken');
    expect((await claimed(store, 'a-2')).task.id).toBe('T3');
    expect((await claimed(store, 'a-3')).task.id).toBe('T4');
    expect(codeOf(await store.claim(asking('a-4'), actor, start))).toBe('nothing-ready');
    const endings = [
      (token: number) => store.execute('001/T1', { type: 'release', token, reason: 'shutdown', commit: null }, at(0)),
      (token: number) =>
        store.execute(
          '001/T1',
          { type: 'fail', token, outcome: 'failed', reason: '', commit: null, rule: { ...rule, attemptsMax: 99 } },
          at(0),
        ),
      (token: number) => store.execute('001/T1', { type: 'block', token, kind: 'question', reason: '?' }, at(0)),
      () => store.execute('001/T1', { type: 'escalate', kind: 'stuck', reason: '?' }, at(0)),
    ];
    let { token } = first;
    for (const end of endings) {
      accepted(await end(token));
      const second = await claimed(store, 'a-5', { task: '001/T2' });
      accepted(
        await store.execute('001/T2', { type: 'release', token: second.token, reason: '', commit: null }, at(0)),
      );
      await store.execute('001/T1', { type: 'retry', advice: null, attemptsGranted: 1 }, at(0));
      ({ token } = await claimed(store, 'a-1', { task: '001/T1' }));
    }
    accepted(await store.execute('001/T1', { type: 'prove', token, evidence: evidenceOf(token) }, at(0)));
    expect((await claimed(store, 'a-6')).task.id).toBe('T2');
  },

  'I13 declared shared paths may be written by several': async ({ store }) => {
    const scope = ['package-lock.json', 'src/x/**'];
    await load(store, [draftTask('T1', { scope }), draftTask('T2', { scope: ['package-lock.json', 'src/y/**'] })]);
    const shared = ['package-lock.json'];
    await claimed(store, 'a-1', { shared });
    expect(codeOf(await store.claim(asking('a-2'), actor, start))).toBe('nothing-ready');
    expect((await claimed(store, 'a-2', { shared })).task.id).toBe('T2');
  },

  'I13 a claim finds the one free task behind many whose paths are held': async ({ store }) => {
    const held = Array.from({ length: 50 }, (_, index) =>
      draftTask(`H${index}`, { scope: ['src/hot.ts', `src/${index}.ts`] }),
    );
    await load(store, [...held, draftTask('free', { scope: ['docs/**'] })]);
    await claimed(store, 'a-1');
    expect((await claimed(store, 'a-2')).task.id).toBe('free');
  },

  'P8 the scope of a running attempt is widened where nobody else writes': async ({ store }) => {
    await load(store, [
      draftTask('T1', { scope: ['a/**'] }),
      draftTask('T2', { scope: ['b/**', 'lock'] }),
      draftTask('T3', { scope: ['c/x'] }),
    ]);
    await claimed(store, 'a-1', { task: '001/T1', shared: ['lock'] });
    await claimed(store, 'a-2', { task: '001/T2' });
    const { ticked: _, line: __, ...definition } = draftTask('T1');
    const change = (scope: string[]) =>
      store.execute('001/T1', { type: 'change', definition: { ...definition, dependencies: [], scope } }, at(0));
    expect(codeOf(await change(['a/**', 'b/y']))).toBe('scope-taken');
    expect((await store.task('001/T1'))?.task.scope).toEqual(['a/**']);
    expect(codeOf(await change(['a/**', 'c/**', 'lock']))).toBe('accepted');
    expect(codeOf(await store.claim(asking('a-3', { task: '001/T3' }), actor, start))).toBe('scope-taken');
    expect(codeOf(await change(['a/**']))).toBe('accepted');
    expect(codeOf(await store.claim(asking('a-3', { task: '001/T3' }), actor, start))).toBe('accepted');
  },

  'D5 a failed task waits for its next attempt, then is given out again': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const { token } = await claimed(store, 'a-1');
    accepted(
      await store.execute(
        '001/T1',
        { type: 'fail', token, outcome: 'failed', reason: 'red', commit: 'f'.repeat(40), rule },
        at(10),
      ),
    );
    expect(await store.attempt(token)).toMatchObject({
      outcome: 'failed',
      reason: 'red',
      commit: 'f'.repeat(40),
      endedAt: start + 10,
    });
    const again = 10 + rule.retryDelayMs;
    expect(codeOf(await store.claim(asking('a-1'), actor, start + again - 1))).toBe('nothing-ready');
    expect(codeOf(await store.claim(asking('a-1', { task: '001/T1' }), actor, start + again - 1))).toBe(
      'task-not-ready',
    );
    expect((await claimed(store, 'a-1', { ms: again })).task.attempts).toBe(2);
  },

  'C1 attempts are found by task, by plan and while they live, in order of their tokens': async ({ store }) => {
    await load(store, [draftTask('T1'), draftTask('T2')]);
    await load(store, [draftTask('T1')], { plan: '002' });
    const one = await finish(store, '001/T1');
    await landed(store, '001/T1');
    const two = (await claimed(store, 'a-1', { task: '001/T2' })).token;
    const three = (await claimed(store, 'a-2', { task: '002/T1' })).token;
    const tokens = async (query: Parameters<typeof store.attempts>[0]) =>
      (await store.attempts(query)).map(({ token }) => token);
    expect(await tokens({})).toEqual([one, two, three]);
    expect(await tokens({ live: true })).toEqual([two, three]);
    expect(await tokens({ plan: '001' })).toEqual([one, two]);
    expect(await tokens({ plan: '001', live: true })).toEqual([two]);
    expect(await tokens({ task: '001/T1' })).toEqual([one]);
    expect(await store.attempt(99)).toBe(null);
  },
};
