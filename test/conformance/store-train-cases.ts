/** Cases of the store suite about the records of trains. */
import { expect } from 'vitest';
import { newTrain } from '../../src/core/train-record.ts';
import type { StoreCase } from './store-fixture.ts';

export const trainCases: Record<string, StoreCase> = {
  'P4 the last record of each target’s train is kept, and is no event': async ({ store, other }) => {
    expect(await store.trains()).toEqual([]);
    const seq = await store.lastSeq();
    const first = newTrain('001', 'refs/heads/orbit/001');
    const second = newTrain('002', 'refs/heads/main');
    const driving = {
      ...first,
      startedAt: 5,
      base: 'a'.repeat(40),
      cars: ['001/T1', '001/T2'] as const,
      cuts: [{ length: 2, state: 'validating', at: 5 } as const],
      rerun: '001/T1' as const,
      gap: { entries: [{ key: '001/T1' as const, commit: 'b'.repeat(40) }], base: 'c'.repeat(40), reds: 1 },
    };
    await store.saveTrain(first);
    await other.saveTrain(second);
    await other.saveTrain(driving);
    expect(await store.trains()).toEqual([second, driving]);
    expect(await other.trains()).toEqual(await store.trains());
    expect(await store.lastSeq()).toBe(seq);
  },
};
