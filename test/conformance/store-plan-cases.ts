/** Cases of the store suite about plans, tasks, dependencies and the order of work. */
import { expect } from 'vitest';
import { taskStatuses, deriveStatus, type TaskStatus } from '../../src/core/status.ts';
import {
  accepted,
  actor,
  at,
  claimed,
  codeOf,
  draftTask,
  evidenceOf,
  finish,
  landed,
  leaseMs,
  load,
  planOf,
  rule,
  start,
  unmetOf,
  type StoreCase,
} from './store-fixture.ts';
import type { Store } from '../../src/store/store.ts';

async function readyIds(
  store: Store,
  query: { plan?: string; mayTake?: string; limit?: number } = {},
  ms = 0,
): Promise<string[]> {
  const records = await store.ready({ limit: 100, ...query }, start + ms);
  return records.map(({ task }) => task.id);
}

export const planCases: Record<string, StoreCase> = {
  'A3 applying the same plan again changes nothing': async ({ store }) => {
    const tasks = [draftTask('T1'), draftTask('T2', { dependencies: ['T1'] }), draftTask('T3', { ticked: true })];
    expect(await load(store, tasks)).toMatchObject({ created: 3, changed: 0, findings: [] });
    const before = await store.lastSeq();
    expect(await load(store, tasks, { now: start + 5 })).toMatchObject({ created: 0, changed: 0, findings: [] });
    expect(await store.lastSeq()).toBe(before);
    expect((await store.task('001/T3'))?.task.closed?.as).toBe('completed');
  },

  'A3 a newer draft adds and changes tasks, and links them anew': async ({ store }) => {
    await load(store, [draftTask('T1'), draftTask('T2'), draftTask('T3', { dependencies: ['T1'] })]);
    const newer = [
      draftTask('T1', { title: 'Other' }),
      draftTask('T2'),
      draftTask('T3', { dependencies: ['T2', 'T4'] }),
      draftTask('T4'),
    ];
    expect(await load(store, newer)).toMatchObject({ created: 1, changed: 2 });
    expect(await unmetOf(store, 'T3')).toBe(2);
    expect(await store.dependants('001/T1')).toEqual([]);
    expect(await store.dependants('001/T4')).toEqual(['001/T3']);
    await finish(store, '001/T2');
    expect(await unmetOf(store, 'T3')).toBe(1);
    expect((await store.task('001/T1'))?.task.title).toBe('Other');
  },

  'A3 a plan keeps its pause and age over a merge, and says when it changed': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    await store.pausePlan('001', { paused: true, what: 'work', why: 'lunch' }, actor, start);
    const change = { plan: planOf('001', { title: 'New', createdAt: start + 9 }), scores: new Map<string, number>() };
    const draft = { title: 'New', unblock: null, layers: null, layerList: [], checks: [], tasks: [draftTask('T1')] };
    expect(accepted(await store.applyPlan({ ...change, draft }, actor, start + 9)).plan).toMatchObject({
      paused: true,
      createdAt: start,
    });
    expect(await store.plan('001')).toMatchObject({ title: 'New', paused: true, createdAt: start });
    expect((await store.plans()).map(({ id }) => id)).toEqual(['001']);
    expect(await store.plan('002')).toBe(null);
    const types = (await store.events({ since: 0, plan: '001' })).map(({ body }) => body.type);
    expect(types).toEqual(['plan-created', 'task-created', 'plan-paused', 'plan-changed']);
  },

  'A4 a plan or a change with a ring of dependencies is refused whole': async ({ store }) => {
    const ring = [draftTask('T1', { dependencies: ['T2'] }), draftTask('T2', { dependencies: ['T1'] })];
    const draft = { title: '', unblock: null, layers: null, layerList: [], checks: [], tasks: ring };
    const answer = await store.applyPlan({ plan: planOf('001'), draft, scores: new Map() }, actor, start);
    expect(codeOf(answer)).toBe('cycle');
    expect([await store.plan('001'), await store.lastSeq()]).toEqual([null, 0]);
    await load(store, [draftTask('T1'), draftTask('T2', { dependencies: ['T1'] })]);
    const { ticked: _, line: __, ...definition } = draftTask('T1');
    const change = (dependencies: `${string}/${string}`[]) =>
      store.execute('001/T1', { type: 'change', definition: { ...definition, dependencies } }, at(0));
    expect(codeOf(await change(['001/T2']))).toBe('cycle');
    expect(codeOf(await change(['001/T1']))).toBe('cycle');
    expect(codeOf(await change([]))).toBe('accepted');
  },

  'A4 single tasks are made and changed, also before what they need exists': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const { ticked: _, line: __, ...definition } = draftTask('T9');
    const create = {
      type: 'create',
      definition: { ...definition, dependencies: ['001/T1', '002/X', '002/X'] },
    } as const;
    expect(codeOf(await store.execute('009/T9', create, at(0)))).toBe('plan-invalid');
    const made = accepted(await store.execute('001/T9', create, at(0)));
    expect([made.record.unmet, made.events.length, made.record.task.key]).toEqual([2, 1, '001/T9']);
    expect(codeOf(await store.execute('001/T9', create, at(0)))).not.toBe('accepted');
    await load(store, [draftTask('X')], { plan: '002' });
    expect(await unmetOf(store, 'T9')).toBe(2);
    await finish(store, '002/X');
    expect(await unmetOf(store, 'T9')).toBe(1);
    const changed = await store.execute(
      '001/T9',
      { type: 'change', definition: { ...definition, dependencies: ['002/X'] } },
      at(0),
    );
    expect(accepted(changed).record.unmet).toBe(0);
    expect(await store.taskKeys('X')).toEqual(['002/X']);
    expect(await store.taskKeys('Y')).toEqual([]);
    expect(await store.task('001/Y')).toBe(null);
    expect(codeOf(await store.execute('001/Y', { type: 'hold', why: '' }, at(0)))).toBe('task-not-found');
  },

  'A4 unmet follows done, bounce, reopen and cancel': async ({ store }) => {
    await load(store, [
      draftTask('T1'),
      draftTask('T2', { dependencies: ['T1'] }),
      draftTask('T3', { dependencies: ['T1', 'T2'] }),
    ]);
    expect([await unmetOf(store, 'T2'), await unmetOf(store, 'T3')]).toEqual([1, 2]);
    const token = await finish(store, '001/T1');
    expect([await unmetOf(store, 'T2'), await unmetOf(store, 'T3')]).toEqual([0, 1]);
    await store.execute('001/T1', { type: 'queue-landing' }, at(0));
    const commit = evidenceOf(token).commit ?? '';
    accepted(await store.execute('001/T1', { type: 'bounce', commit, cause: 'red', reason: 'tests', rule }, at(0)));
    expect([await unmetOf(store, 'T2'), await unmetOf(store, 'T3')]).toEqual([1, 2]);
    await finish(store, '001/T1');
    await store.execute('001/T1', { type: 'reopen', why: 'wrong' }, at(0));
    expect(await unmetOf(store, 'T2')).toBe(1);
    await store.execute('001/T1', { type: 'close', as: 'cancelled', why: 'dropped' }, at(0));
    expect(await unmetOf(store, 'T2')).toBe(1);
    await store.execute('001/T1', { type: 'reopen', why: 'wanted after all' }, at(0));
    await store.execute('001/T1', { type: 'close', as: 'completed', why: 'by hand' }, at(0));
    expect([await unmetOf(store, 'T2'), await unmetOf(store, 'T3')]).toEqual([0, 1]);
  },

  'A4 where landing unblocks, done is not enough; each plan has its own rule': async ({ store }) => {
    await load(store, [draftTask('T1'), draftTask('T2', { dependencies: ['T1'] })], { unblock: 'landed' });
    await load(store, [draftTask('X', { dependencies: ['001/T1'] })], { plan: '002', unblock: 'done' });
    await finish(store, '001/T1');
    expect([await unmetOf(store, 'T2'), await unmetOf(store, 'X', '002')]).toEqual([1, 0]);
    await landed(store, '001/T1');
    expect([await unmetOf(store, 'T2'), await unmetOf(store, 'X', '002')]).toEqual([0, 0]);
  },

  'A4 a changed rule of unblocking counts anew': async ({ store }) => {
    const tasks = [draftTask('T1'), draftTask('T2', { dependencies: ['T1'] })];
    await load(store, tasks);
    await finish(store, '001/T1');
    await load(store, tasks, { unblock: 'landed' });
    expect(await unmetOf(store, 'T2')).toBe(1);
    await load(store, tasks, { unblock: 'done' });
    expect(await unmetOf(store, 'T2')).toBe(0);
  },

  'E3 ready is ordered by score, then age, over plans, and limited': async ({ store }) => {
    await load(
      store,
      ['A', 'B', 'C'].map((id) => draftTask(id)),
      { scores: { A: 1, B: 5, C: 5 } },
    );
    await load(store, [draftTask('D'), draftTask('E', { dependencies: ['D'] })], {
      plan: '002',
      scores: { D: 3, E: 9 },
    });
    expect(await readyIds(store)).toEqual(['B', 'C', 'D', 'A']);
    expect(await readyIds(store, { limit: 2 })).toEqual(['B', 'C']);
    expect(await readyIds(store, { plan: '002' })).toEqual(['D']);
    await store.setScores(
      '001',
      new Map([
        ['001/A', 7],
        ['002/D', 99],
      ]),
    );
    expect(await readyIds(store)).toEqual(['A', 'B', 'C', 'D']);
    expect((await store.task('001/A'))?.score).toBe(7);
    expect((await store.ready({ limit: 1 }, start))[0]).toMatchObject({ score: 7, unmet: 0, task: { key: '001/A' } });
  },

  'A6 ready leaves out work for other agents, of paused plans, held, waiting and claimed': async ({ store }) => {
    const ids = ['any', 'claude', 'codex', 'held', 'failed', 'claimed', 'asked'];
    const agents: Record<string, string> = { claude: 'claude', codex: 'codex-2' };
    await load(
      store,
      ids.map((id) => draftTask(id, { agent: agents[id] ?? null })),
    );
    await load(store, [draftTask('paused')], { plan: '002' });
    await store.pausePlan('002', { paused: true, what: 'work', why: 'wait' }, actor, start);
    await store.execute('001/held', { type: 'hold', why: 'later' }, at(0));
    await claimed(store, 'x', { task: '001/claimed' });
    await store.execute('001/asked', { type: 'escalate', kind: 'question', reason: 'which?' }, at(0));
    const { token } = await claimed(store, 'x', { task: '001/failed' });
    await store.execute(
      '001/failed',
      { type: 'fail', token, outcome: 'failed', reason: 'no', commit: null, rule },
      at(0),
    );
    expect(await readyIds(store)).toEqual(['any', 'claude', 'codex']);
    expect(await readyIds(store, { mayTake: 'claude-7' })).toEqual(['any', 'claude']);
    expect(await readyIds(store, { mayTake: 'codex-2' })).toEqual(['any', 'codex']);
    expect(await readyIds(store, { mayTake: 'codex' })).toEqual(['any']);
    expect(await readyIds(store, {}, rule.retryDelayMs - 1)).not.toContain('failed');
    expect(await readyIds(store, {}, rule.retryDelayMs)).toContain('failed');
    await store.pausePlan('002', { paused: false, what: 'work', why: 'go' }, actor, start);
    expect(await readyIds(store, { plan: '002' })).toEqual(['paused']);
  },

  'A7 tasks by status agree with the derived status, in order of plan and creation': async ({ store }) => {
    const ids = ['ready', 'blocked', 'running', 'done', 'landing', 'landed', 'waiting', 'hold', 'inbox', 'cancelled'];
    await load(store, [draftTask('later')], { plan: '002' });
    await load(
      store,
      ids.map((id) => draftTask(id, { dependencies: id === 'blocked' ? ['ready'] : [] })),
    );
    const { token } = await claimed(store, 'x', { task: '001/waiting' });
    await store.execute(
      '001/waiting',
      { type: 'fail', token, outcome: 'failed', reason: 'no', commit: null, rule },
      at(0),
    );
    await claimed(store, 'x', { task: '001/running' });
    for (const id of ['done', 'landing', 'landed'] as const) await finish(store, `001/${id}`);
    await store.execute('001/landing', { type: 'queue-landing' }, at(0));
    await landed(store, '001/landed');
    await store.execute('001/hold', { type: 'hold', why: 'later' }, at(0));
    await store.execute('001/inbox', { type: 'escalate', kind: 'question', reason: 'which?' }, at(0));
    await store.execute('001/cancelled', { type: 'close', as: 'cancelled', why: 'no' }, at(0));
    for (const now of [start, start + rule.retryDelayMs]) {
      const all = await store.tasks({}, now);
      expect(all.map(({ task }) => task.id)).toEqual([...ids, 'later']);
      for (const status of taskStatuses) {
        const found = await store.tasks({ status: [status] }, now);
        const expected = all.filter(({ task, unmet }) => deriveStatus(task, unmet, now) === status);
        expect([status, found]).toEqual([status, expected]);
      }
    }
    const some: TaskStatus[] = ['landed', 'running'];
    expect((await store.tasks({ status: some }, start)).map(({ task }) => task.id)).toEqual(['running', 'landed']);
    expect((await store.tasks({ plan: '001', limit: 2 }, start)).map(({ task }) => task.id)).toEqual([
      'ready',
      'blocked',
    ]);
    expect(await store.tasks({ status: [] }, start)).toEqual([]);
    expect(await store.tasks({ plan: '001', mayTake: 'nobody', limit: 1 }, start + leaseMs)).toHaveLength(1);
  },
};
