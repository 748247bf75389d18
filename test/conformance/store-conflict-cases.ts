/** Cases of the store suite about conflicts seen ahead. */
import { expect } from 'vitest';
import type { Conflict } from '../../src/core/conflict.ts';
import { start, type StoreCase } from './store-fixture.ts';

const conflict = (changes: Partial<Conflict> = {}): Conflict => ({
  task: '001/T001',
  token: 1,
  commit: 'a'.repeat(40),
  other: '001/T002',
  otherToken: 2,
  otherCommit: 'b'.repeat(40),
  paths: ['src/a "quoted"\n.ts'],
  told: [],
  since: start,
  ...changes,
});
const by = { actor: 'coordinator', now: start };
const withTarget = conflict({ other: null, otherToken: null });
const later = conflict({ commit: 'c'.repeat(40), paths: ['x', 'y'] });

export const conflictCases: Record<string, StoreCase> = {
  'D5 a conflict is one event when it is new and one when it is gone; its latest state is kept': async ({
    store,
    other,
  }) => {
    expect(await store.conflicts()).toEqual([]);
    expect(await store.noteConflicts({ noted: [conflict(), withTarget], ended: [] }, by)).toBeNull();
    expect(await other.conflicts()).toEqual([withTarget, conflict()]);
    await other.noteConflicts({ noted: [later], ended: [] }, by);
    expect(await store.conflicts()).toEqual([withTarget, later]);
    const ended = [
      { task: '001/T001', other: null },
      { task: '001/T001', other: '001/T009' },
    ] as const;
    await store.noteConflicts({ noted: [], ended }, { ...by, now: start + 5 });
    expect(await store.conflicts()).toEqual([later]);
    const events = await store.events({ since: 0, task: '001/T001' });
    expect(events.map(({ at, body }) => [at, body])).toEqual([
      [start, { type: 'conflict-seen', other: '001/T002', paths: conflict().paths }],
      [start, { type: 'conflict-seen', other: null, paths: conflict().paths }],
      [start + 5, { type: 'conflict-gone', other: null }],
    ]);
  },

  'D5 I1 a look of a coordinator that leads no longer changes nothing': async ({ store, other }) => {
    const first = await store.lead('one', 1_000, start);
    await store.noteConflicts({ noted: [conflict()], ended: [] }, { ...by, epoch: first?.epoch ?? 0 });
    await other.lead('two', 1_000, start + 2_000);
    const seq = await store.lastSeq();
    const change = { noted: [withTarget], ended: [{ task: '001/T001', other: '001/T002' }] } as const;
    expect(await store.noteConflicts(change, { ...by, epoch: first?.epoch ?? 0 })).toMatchObject({
      code: 'not-leading',
    });
    expect(await store.conflicts()).toEqual([conflict()]);
    expect(await store.lastSeq()).toBe(seq);
  },
};
