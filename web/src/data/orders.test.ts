import { expect, test } from 'vitest';
import { terminateOrder } from '../../../src/api/contract/orchestration.ts';
import {
  acknowledgeOrder,
  editTaskOrder,
  findingOrder,
  messageOrder,
  pauseOrder,
  resumeAccountOrder,
  taskActionOrder,
} from '../../../src/api/contract/orders.ts';
import { orders } from './orders.ts';

const of = { plan: '001', task: 'T031' };

test('every order about a task is one that the API takes', () => {
  const all = [
    orders.nudge(of, 'look'),
    orders.retry(of),
    orders.retry(of, 'the port is 8081'),
    orders.reassign(of, 'codex', ''),
    orders.cancel(of, 'no'),
    orders.close(of, 'done'),
    orders.reopen(of, 'hole'),
    orders.hold(of, 'wait'),
    orders.resume(of),
    orders.approve(of, '1a2b3c4d5e6f'),
    orders.reject(of, 'smaller'),
    orders.reject(of, 'never', true),
    orders.grant(of),
    orders.deny(of, 'no'),
    orders.widen(of, ['src/**'], 'needed'),
  ];
  for (const order of all) {
    expect(taskActionOrder.safeParse(order.body), order.cli).toMatchObject({ success: true });
    expect(order.path).toBe('/api/tasks/001/T031/actions');
  }
});

test('every other order is one that the API takes', () => {
  const all = [
    [editTaskOrder, orders.edit(of, { title: 'New', priority: 5 })],
    [terminateOrder, orders.terminate(7, 'stuck')],
    [pauseOrder, orders.pausePlan('001', 'landing', 'freeze')],
    [messageOrder, orders.send('claude-1', 'hello')],
    [findingOrder, orders.record({ kind: 'gotcha', title: 'Ports', text: 'Taken', paths: ['src/**'] })],
    [acknowledgeOrder, orders.acknowledge(['a', 'b'])],
    [resumeAccountOrder, orders.openAccount('work', 'quota was raised')],
  ] as const;
  for (const [shape, order] of all) expect(shape.safeParse(order.body), order.done).toMatchObject({ success: true });
});

test('the form on the command line says the same and can be pasted into a shell', () => {
  expect(orders.retry(of, "it's 8081").cli).toBe(String.raw`orbit retry 001/T031 --advice 'it'\''s 8081'`);
  expect(orders.approve(of, '1a2b3c4d5e6f7788').cli).toBe('orbit approve 001/T031 --tree 1a2b3c4d5e6f');
  expect(orders.send('claude-1', 'look', '001/T1; x').cli).toBe("orbit send claude-1 look --task '001/T1; x'");
  expect(orders.record({ kind: 'claim', title: 'Ports', text: 'a b', paths: ['src/a.ts', 'test/**'] }).cli).toBe(
    "orbit note Ports 'a b' --kind claim --path src/a.ts --path 'test/**'",
  );
  expect(orders.hold({ plan: '001', task: '002/T1' }, 'x').cli).toBe('orbit pause 002/T1 --reason x');
});
