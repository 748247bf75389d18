/** Cases of the store suite about pausing what plans do, and about where their targets began. */
import { expect } from 'vitest';
import { actor, codeOf, draftTask, leaseMs, load, planOf, start, type StoreCase } from './store-fixture.ts';
import type { Store } from '../../src/store/store.ts';

export const targetCases: Record<string, StoreCase> = {
  'E5 pausing is said once and answers the plan': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    expect(await store.pausePlan('404', { paused: true, what: 'work', why: '' }, actor, start)).toBe(null);
    expect((await store.pausePlan('001', { paused: true, what: 'work', why: 'lunch' }, actor, start))?.paused).toBe(
      true,
    );
    expect((await store.pausePlan('001', { paused: true, what: 'work', why: 'lunch' }, actor, start))?.paused).toBe(
      true,
    );
    expect(codeOf(await store.claim({ ...claimOf('001/T1') }, actor, start))).toBe('plan-paused');
    expect((await store.pausePlan('001', { paused: false, what: 'work', why: 'back' }, actor, start))?.paused).toBe(
      false,
    );
    const types = (await store.events({ since: 2 })).map(({ body }) => body.type);
    expect(types).toEqual(['plan-paused', 'plan-resumed']);
  },

  'P4 what a plan lands is paused apart from its work, and stays so when the plan is read again': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const freeze = { paused: true, what: 'landing', why: 'freeze' } as const;
    expect(await store.pausePlan('001', freeze, actor, start)).toMatchObject({
      paused: false,
      landingPaused: 'freeze',
    });
    await load(store, [draftTask('T1')]);
    expect((await store.plan('001'))?.landingPaused).toBe('freeze');
    const thawed = await store.pausePlan('001', { ...freeze, paused: false }, actor, start);
    expect(thawed?.landingPaused).toBe(undefined);
    const bodies = (await store.events({ since: 2 })).map(({ body }) => body);
    expect(bodies).toEqual([
      { type: 'plan-paused', why: 'freeze', what: 'landing' },
      { type: 'plan-resumed', what: 'landing' },
    ]);
  },

  'A5 I9 where a layer’s branch began is noted, the open one’s alone, and kept when the plan is read again': async ({
    store,
  }) => {
    const layerList = [
      { number: 1, title: 'One' },
      { number: 2, title: 'Two' },
    ];
    const target = 'refs/heads/layer-2-001';
    const plan = planOf('001', { layers: 'hard', layerList, layerBranches: true, target });
    const draft = { title: plan.title, unblock: null, layers: null, layerList, checks: [], tasks: [draftTask('T1')] };
    const apply = async (): Promise<unknown> => store.applyPlan({ plan, draft, scores: new Map() }, actor, start);
    await apply();
    const first = { target: 'refs/heads/layer-1-001', commit: 'a'.repeat(40), accepted: true };
    expect((await store.startTarget('001', first, actor, start))?.start).toEqual({ ...first, at: start });
    await apply();
    expect((await store.plan('001'))?.start).toEqual({ ...first, at: start });
    const other = { ...first, target: 'refs/heads/layer-3-001' };
    expect(await store.startTarget('001', other, actor, start)).toBe(null);
  },

  'I9 where a target began is noted once, kept over a merge, and anew by a person alone': async ({ store }) => {
    const plan = planOf('001');
    await load(store, [draftTask('T1')]);
    const found = { target: plan.target, commit: 'a'.repeat(40), accepted: false };
    expect(await store.startTarget('404', found, actor, start)).toBe(null);
    expect(await store.startTarget('001', { ...found, target: 'refs/heads/main' }, actor, start)).toBe(null);
    expect((await store.startTarget('001', found, actor, start))?.start).toEqual({ ...found, at: start });
    const later = { ...found, commit: 'b'.repeat(40) };
    expect((await store.startTarget('001', later, actor, start + 1))?.start?.commit).toBe(found.commit);
    await load(store, [draftTask('T1', { title: 'Other' })]);
    expect((await store.plan('001'))?.start?.commit).toBe(found.commit);
    const taken = { ...later, accepted: true };
    for (const now of [start + 2, start + 3]) {
      await store.startTarget('001', taken, 'ada', now);
      expect((await store.plan('001'))?.start).toEqual({ ...taken, at: now });
    }
    const draft = { title: '', unblock: null, layers: null, layerList: [], checks: [], tasks: [] };
    const elsewhere = { ...plan, target: 'refs/heads/main' };
    await store.applyPlan({ plan: elsewhere, draft, scores: new Map() }, actor, start);
    expect((await store.plan('001'))?.start).toBe(undefined);
    const types = (await store.events({ since: 2 })).map(({ body }) => body.type);
    expect(types).toEqual(['target-started', 'task-changed', 'target-started', 'target-started', 'plan-changed']);
  },
};

function claimOf(task: `${string}/${string}`): Parameters<Store['claim']>[0] {
  return {
    agent: 'x',
    plan: null,
    task,
    byHand: false,
    leaseMs,
    shared: [],
    base: null,
    workspace: null,
    branch: null,
  };
}
