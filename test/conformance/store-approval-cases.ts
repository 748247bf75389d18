/** Cases of the store suite about a person's word on finished work, and about wishes for more paths. */
import { expect } from 'vitest';
import type { TaskCommand } from '../../src/core/command.ts';
import type { Store } from '../../src/store/store.ts';
import {
  accepted,
  actor,
  asking,
  at,
  claimed,
  codeOf,
  draftTask,
  evidenceOf,
  landed,
  load,
  start,
  type StoreCase,
} from './store-fixture.ts';

const tree = 'd'.repeat(40);

function widen(token: number | null, ...entries: string[]): TaskCommand {
  return { type: 'widen', token, entries, why: 'it is called there', rule: 'free' };
}

/** Work that waits for a person; its commit. */
async function waiting(store: Store, approval = 'a link'): Promise<string> {
  const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
  const evidence = evidenceOf(token, { tree });
  accepted(await store.execute('001/T1', { type: 'prove', token, evidence, approval }, at(1)));
  return evidence.commit ?? '';
}

async function statuses(store: Store, status: 'needs-you' | 'done' | 'ready'): Promise<string[]> {
  return (await store.tasks({ status: [status] }, start + 9)).map(({ task }) => task.id);
}

export const approvalCases: Record<string, StoreCase> = {
  'P2 work that a person has to see waits, and their word holds for that tree alone': async ({ store, other }) => {
    await load(store, [draftTask('T1'), draftTask('T2', { dependencies: ['001/T1'] })]);
    const commit = await waiting(store);
    expect(await statuses(other, 'needs-you')).toEqual(['T1']);
    expect(await statuses(other, 'ready')).toEqual(['T2']);
    const before = await store.lastSeq();
    const older = { type: 'approve', commit, tree: 'e'.repeat(40) } as const;
    expect(codeOf(await other.execute('001/T1', older, at(2)))).toBe('tree-changed');
    expect(await store.lastSeq()).toBe(before);
    accepted(await other.execute('001/T1', { type: 'approve', commit, tree }, at(3)));
    expect((await store.task('001/T1'))?.task).toMatchObject({
      inbox: null,
      approval: { commit, tree, base: null, by: actor, at: start + 3 },
    });
    expect(await statuses(store, 'done')).toEqual(['T1']);
    await landed(store, '001/T1', 4);
  },

  'P2 rejected work goes back to be done again, with the reason': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const commit = await waiting(store);
    expect(codeOf(await store.execute('001/T1', { type: 'reject', commit: 'x', reason: 'no' }, at(2)))).toBe(
      'tree-changed',
    );
    accepted(await store.execute('001/T1', { type: 'reject', commit, reason: 'no link' }, at(2)));
    expect((await store.task('001/T1'))?.task).toMatchObject({ inbox: null, evidence: null, bounces: 0 });
    const again = await claimed(store, 'claude-1', { task: '001/T1', ms: 3 });
    expect(again.task.failures).toMatchObject([{ outcome: 'bounced', reason: 'no link' }]);
    expect(again.task.attemptsGranted).toBe(1);
  },

  'P2 queued work that a person has to see after all keeps its place': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
    const evidence = evidenceOf(token, { tree });
    accepted(await store.execute('001/T1', { type: 'prove', token, evidence }, at(1)));
    accepted(await store.execute('001/T1', { type: 'queue-landing' }, at(2)));
    accepted(await store.execute('001/T1', { type: 'escalate', kind: 'approval', reason: 'a link' }, at(3)));
    expect(await statuses(store, 'needs-you')).toEqual(['T1']);
    accepted(await store.execute('001/T1', { type: 'approve', commit: evidence.commit ?? '', tree }, at(4)));
    expect((await store.task('001/T1'))?.task).toMatchObject({ inbox: null, landing: { queuedAt: start + 2 } });
  },

  'P8 I13 of two attempts that wish for one path at once, one gets it and the other waits for its end': async ({
    store,
    other,
  }) => {
    await load(store, [draftTask('T1', { scope: ['a'] }), draftTask('T2', { scope: ['b'] })]);
    const one = await claimed(store, 'claude-1', { task: '001/T1' });
    const two = await claimed(store, 'codex-1', { task: '001/T2' });
    await Promise.all([
      store.execute('001/T1', widen(one.token, 'c'), at(1)),
      other.execute('001/T2', widen(two.token, 'c'), at(1)),
    ]);
    const tasks = await Promise.all(['001/T1', '001/T2'].map(async (key) => (await store.task(key as '001/T1'))?.task));
    const [winner, loser] = tasks[0]?.widening === null ? tasks : tasks.toReversed();
    expect(winner).toMatchObject({ widening: null, widened: [{ entry: 'c', byPerson: false }] });
    expect(winner?.scope).toContain('c');
    expect(loser?.widening).toMatchObject({ entries: ['c'], holder: winner?.key });
    expect(loser?.scope).not.toContain('c');
    const [held, key] = [winner?.claim?.token ?? 0, loser?.key ?? '001/T1'];
    const grant: TaskCommand = { type: 'grant-widening', byPerson: false };
    expect(codeOf(await other.execute(key, grant, at(2)))).toBe('scope-taken');
    accepted(
      await store.execute(winner?.key ?? '001/T1', { type: 'prove', token: held, evidence: evidenceOf(held) }, at(3)),
    );
    expect(accepted(await other.execute(key, grant, at(4))).record.task).toMatchObject({ widening: null });
    await load(store, [draftTask('T3', { scope: ['c'] })], { plan: '002' });
    expect(codeOf(await store.claim(asking('d-1', { task: '002/T3' }), actor, start + 5))).toBe('scope-taken');
  },

  'P8 I2 a wish by an old token changes nothing, and one that waits ends with its attempt': async ({ store }) => {
    await load(store, [draftTask('T1', { scope: ['a'] }), draftTask('T2', { scope: ['c'] })]);
    await claimed(store, 'codex-1', { task: '001/T2' });
    const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
    accepted(await store.execute('001/T1', widen(token, 'c'), at(1)));
    accepted(await store.execute('001/T1', { type: 'release', token, reason: 'x', commit: null }, at(2)));
    expect((await store.task('001/T1'))?.task).toMatchObject({ widening: null, scope: ['a'] });
    expect(codeOf(await store.execute('001/T1', widen(token, 'd'), at(3)))).toBe('lease-lost');
    expect((await store.task('001/T1'))?.task.scope).toEqual(['a']);
  },

  'P8 what came to a scope by a wish stays when the plan is read again': async ({ store }) => {
    await load(store, [draftTask('T1', { scope: ['a'] })]);
    const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
    accepted(await store.execute('001/T1', widen(token, 'b'), at(1)));
    accepted(await store.execute('001/T1', widen(null, 'c'), at(2)));
    const again = await load(store, [draftTask('T1', { scope: ['a'] })], { now: start + 3 });
    expect(again).toMatchObject({ changed: 0, findings: [] });
    accepted(await store.execute('001/T1', { type: 'release', token, reason: 'x', commit: null }, at(4)));
    await load(store, [draftTask('T1', { scope: ['z'] })], { now: start + 5 });
    expect((await store.task('001/T1'))?.task.scope).toEqual(['z', 'b', 'c']);
  },

  'E10 a person taking over a plan is noted before and after': async ({ store }) => {
    const approved = { type: 'plan-approved', id: '001', commit: 'c', tree, into: 'refs/heads/main' } as const;
    await store.record(approved, actor, start);
    await store.record({ ...approved, type: 'plan-merged' }, actor, start + 1);
    const events = await store.events({ since: 0 });
    expect(events.map(({ body, actor: by }) => [body.type, by])).toEqual([
      ['plan-approved', actor],
      ['plan-merged', actor],
    ]);
  },
};
