import { expect, test } from 'vitest';
import { editRefusal } from './edit-rule.ts';
import type { Task } from './task.ts';

const made: Pick<Task, 'key' | 'origin' | 'claim' | 'evidence' | 'closed'> = {
  key: '001/T052',
  origin: { task: '001/T1', token: 7, depth: 1 },
  claim: null,
  evidence: null,
  closed: null,
};

test('P3 an attempt edits what it made, and nothing that others made, took up, finished or closed', () => {
  const order = { token: 7, pr: null };
  expect(editRefusal(made, order)).toBe(null);
  expect(editRefusal(made, { ...order, pr: 'pending_review' })).toBe(null);
  for (const other of [{ origin: null }, { claim: {} }, { evidence: {} }, { closed: {} }])
    expect(editRefusal({ ...made, ...(other as Partial<Task>) }, order)).toMatchObject({ code: 'not-yours' });
  expect(editRefusal(made, { ...order, token: 8 })).toMatchObject({ code: 'not-yours' });
});

test('P3 I9 an attempt never says that something was merged, not even of what it made', () => {
  expect(editRefusal(made, { token: 7, pr: 'merged' })).toMatchObject({ code: 'not-yours' });
});
