/** Cases of the store suite about accounts at their quota, agents that give way, and tasks that wait for others. */
import { expect } from 'vitest';
import { evolveAccount, type Account } from '../../src/core/quota.ts';
import type { Store } from '../../src/store/store.ts';
import {
  accepted,
  actor,
  asking,
  at,
  claimed,
  codeOf,
  draftTask,
  load,
  rule,
  start,
  type StoreCase,
} from './store-fixture.ts';

const quota = { waitMs: 300_000, waitMsMax: 3_600_000 };

async function park(
  store: Store,
  account: string,
  { ms = 0, until = null }: { ms?: number; until?: number | null } = {},
): Promise<Account> {
  return store.parkAccount({ account, until, reason: 'limit', rule: quota }, 'claude-1', start + ms);
}

/** Accounts as the log alone has them. */
async function replayed(store: Store): Promise<Account[]> {
  const accounts = new Map<string, Account>();
  for (const { at: when, body } of await store.events({ since: 0 })) {
    if (body.type !== 'account-parked' && body.type !== 'account-unparked') continue;
    const after = evolveAccount(accounts.get(body.account) ?? null, body, when);
    if (after !== null) accounts.set(body.account, after);
  }
  return [...accounts.values()].sort((one, other) => (one.account < other.account ? -1 : 1));
}

export const ladderCases: Record<string, StoreCase> = {
  'P6 no claim on an account that rests, by whatever agent; others go on': async ({ store, other }) => {
    await load(store, [draftTask('T1'), draftTask('T2')]);
    expect(await park(store, 'work', { until: start + 60_000 })).toMatchObject({ until: start + 60_000, known: true });
    for (const agent of ['claude-1', 'codex-1']) {
      const refused = await other.claim(asking(agent, { account: 'work' }), actor, start + 1);
      expect(refused).toMatchObject({
        code: 'account-parked',
        hint: expect.stringContaining('orbit resume --account work'),
      });
    }
    expect(codeOf(await store.claim(asking('claude-1', { account: 'work', task: '001/T1' }), actor, start + 1))).toBe(
      'account-parked',
    );
    await claimed(store, 'gemini-1', { account: 'own', ms: 1 });
    await claimed(store, 'claude-1', { account: 'work', ms: 60_000 });
  },

  'P6 I16 who saw an account rest until a time opens it only while it rests until that time': async ({
    store,
    other,
  }) => {
    const seen = await park(store, 'work', { until: start + 60_000 });
    const open = { account: 'work', why: 'its time has come', until: start + 60_000 };
    expect(seen.until).toBe(open.until);
    // Another opened it meanwhile, and its quota was used up again.
    expect(await other.unparkAccount(open, actor, start + 60_000)).toBe(true);
    await park(other, 'work', { until: start + 900_000, ms: 70_000 });
    expect(await store.unparkAccount(open, actor, start + 60_001)).toBe(false);
    expect(await store.accounts()).toMatchObject([{ account: 'work', until: start + 900_000 }]);
    expect(await store.unparkAccount({ ...open, until: start + 900_000 }, actor, start + 900_000)).toBe(true);
  },

  'P6 accounts are opened by hand, once, and all of it is in the log': async ({ store, other }) => {
    await park(store, 'work');
    await park(store, 'work', { ms: 10 });
    await park(store, 'a');
    expect(await other.unparkAccount({ account: 'work', why: 'raised' }, actor, start + 20)).toBe(true);
    expect(await store.unparkAccount({ account: 'work', why: 'raised' }, actor, start + 21)).toBe(false);
    expect(await store.unparkAccount({ account: 'nobody', why: 'x' }, actor, start + 21)).toBe(false);
    await park(other, 'work', { ms: 30 });
    const accounts = await store.accounts();
    expect(accounts.map(({ account, until }) => [account, until])).toEqual([
      ['a', start + 300_000],
      ['work', start + 30 + 600_000],
    ]);
    const events = await store.events({ since: 0 });
    expect(events.map(({ body }) => body.type)).toEqual([
      'account-parked',
      'account-parked',
      'account-unparked',
      'account-parked',
    ]);
    expect(events.map((event) => event.actor)).toEqual(['claude-1', 'claude-1', actor, 'claude-1']);
    expect(await replayed(other)).toEqual(accounts);
  },

  'P7 a task is kept for another agent than the one that failed twice, for a while': async ({ store }) => {
    await load(store, [draftTask('T1'), draftTask('T2')], { scores: { T1: 9, T2: 1 } });
    const bad = {
      type: 'fail',
      outcome: 'failed',
      reason: 'red',
      commit: null,
      rule: { ...rule, attemptsMax: 4, agents: ['a', 'b'] },
    } as const;
    let ms = 0;
    for (const agent of ['a-1', 'a-2']) {
      const { token } = await claimed(store, agent, { task: '001/T1', ms });
      accepted(await store.execute('001/T1', { ...bad, token }, at(ms)));
      ms += 60_000;
    }
    expect((await claimed(store, 'a-1', { ms })).task.id).toBe('T2');
    expect(codeOf(await store.claim(asking('a-2', { task: '001/T1' }), actor, start + ms))).toBe('agent-not-wanted');
    const profile = { adapter: 'claude', models: [null], thinking: null, canThink: true };
    const { task, token } = await claimed(store, 'b-1', { ms, profile });
    expect(task).toMatchObject({ id: 'T1', rung: 'other', avoid: null });
    expect(await store.attempt(token)).toMatchObject({ rung: 'other', adapter: 'claude', model: null });
  },

  'P7 where nobody else could take it, the agent that failed has it again': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const bad = {
      type: 'fail',
      outcome: 'failed',
      reason: 'red',
      commit: null,
      rule: { ...rule, attemptsMax: 4, agents: ['a', 'b'] },
    } as const;
    for (const ms of [0, 60_000]) {
      const { token } = await claimed(store, 'a-1', { ms });
      accepted(await store.execute('001/T1', { ...bad, token }, at(ms)));
    }
    expect(codeOf(await store.claim(asking('a-1'), actor, start + 120_000))).toBe('nothing-ready');
    // Later, or at once where a run has no other agent.
    await claimed(store, 'a-1', { ms: 120_000, alone: true });
  },

  'P7 when nobody else takes it, it goes back after a while to the agent that it was kept from': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const two = { ...rule, attemptsMax: 4, agents: ['a', 'b'] };
    for (const ms of [0, 60_000]) {
      const { token } = await claimed(store, 'a-1', { ms });
      const bad = { type: 'fail', token, outcome: 'failed', reason: 'red', commit: null, rule: two } as const;
      accepted(await store.execute('001/T1', bad, at(ms)));
    }
    await claimed(store, 'a-1', { ms: 400_000 });
  },

  'B6 I14 a task that waits for others gives its scope and agent free in one step, or nothing changes': async ({
    store,
    other,
  }) => {
    await load(store, [draftTask('T1', { scope: ['src/**'] }), draftTask('T2', { dependencies: ['T1'] })]);
    const { token } = await claimed(store, 'a-1');
    const definition = { ...draftTask('T3', { scope: ['src/a.ts'] }), dependencies: [] };
    accepted(await store.execute('001/T3', { type: 'create', definition }, at(1)));
    const before = await store.lastSeq();
    const block = { type: 'block-on', token, reason: 'first T3', commit: null } as const;
    expect(codeOf(await store.execute('001/T1', { ...block, needs: ['001/T2'] }, at(2)))).toBe('cycle');
    expect(codeOf(await store.execute('001/T1', { ...block, needs: ['001/T1'] }, at(2)))).toBe('cycle');
    expect(await store.lastSeq()).toBe(before);
    const { record, events } = accepted(await other.execute('001/T1', { ...block, needs: ['001/T3'] }, at(3)));
    expect(events.map(({ body }) => body.type)).toEqual(['task-changed', 'attempt-ended']);
    expect(record).toMatchObject({ unmet: 1, task: { claim: null, dependencies: ['001/T3'], attemptsGranted: 1 } });
    expect((await claimed(store, 'a-1', { ms: 4 })).task.id).toBe('T3');
    expect(await store.attempt(token)).toMatchObject({ outcome: 'handed-over', cause: 'blocked', notes: 'first T3' });
  },
};
