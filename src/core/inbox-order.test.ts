import { expect, test } from 'vitest';
import { taskWith } from '../../test/support/core-samples.ts';
import { inboxOrder } from './inbox-order.ts';
import type { InboxKind, Task } from './task.ts';

function waiting(id: string, kind: InboxKind, at: number): Task {
  return taskWith({ id, key: `001/${id}`, inbox: { kind, reason: '', token: null, at } });
}

const hour = 3_600_000;
const ids = (tasks: readonly Task[]): string[] => inboxOrder(tasks, 2 * hour).map(({ task }) => task.id);

test('D7 the oldest, the riskiest, and what holds up most come first', () => {
  expect(ids([waiting('T1', 'question', hour), waiting('T2', 'question', 0)])).toEqual(['T2', 'T1']);
  expect(ids([waiting('T1', 'attempts-used', 0), waiting('T2', 'approval', 0)])).toEqual(['T2', 'T1']);
  const open = ['T3', 'T4'].map((id) => taskWith({ id, key: `001/${id}`, dependencies: ['001/T1'] }));
  const far = taskWith({ id: 'T5', key: '001/T5', dependencies: ['001/T4'] });
  const order = inboxOrder([waiting('T2', 'question', 0), waiting('T1', 'question', 0), ...open, far], 2 * hour);
  expect(order.map(({ task, behind }) => [task.id, behind])).toEqual([
    ['T1', 3],
    ['T2', 0],
  ]);
});

test('D7 what has ended is in nobody’s inbox', () => {
  const closed = { as: 'cancelled', why: '', by: '', at: 0 } as const;
  expect(ids([{ ...waiting('T1', 'question', 0), closed }])).toEqual([]);
});
