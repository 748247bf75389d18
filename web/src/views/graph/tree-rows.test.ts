import { expect, test } from 'vitest';
import type { Task } from '../../../../src/api/contract.ts';
import { treeRows } from './tree-rows.ts';

const task = (id: string, layer: number, fields: Partial<Task> = {}): Task =>
  ({
    id,
    key: `001/${id}`,
    plan: '001',
    title: id,
    layer,
    status: 'ready',
    dependencies: [],
    waitingFor: [],
    ...fields,
  }) as Task;

const tasks = [
  task('A', 1, { status: 'landed' }),
  task('B', 2, { dependencies: ['A'] }),
  task('C', 10, { dependencies: ['B'], waitingFor: ['B'], status: 'blocked' }),
];

test('layers in their order; what is finished is closed at first', () => {
  const rows = treeRows(tasks, 'layer', new Set());
  expect(rows.map(({ id, level, open }) => [id, level, open])).toEqual([
    ['group:1', 1, false],
    ['group:2', 1, true],
    ['group:2>001/B', 2, false],
    ['group:10', 1, true],
    ['group:10>001/C', 2, false],
  ]);
  expect(rows.at(-1)).toMatchObject({ done: 0, total: 1, position: 1, siblings: 1 });
});

test('below a task stands what it needs, as deep as somebody opens it', () => {
  const rows = treeRows(tasks, 'layer', new Set(['group:2', 'group:10>001/C', 'group:10>001/C>001/B']));
  expect(rows.slice(2).map(({ id, level, open }) => [id, level, open])).toEqual([
    ['group:10', 1, true],
    ['group:10>001/C', 2, true],
    ['group:10>001/C>001/B', 3, true],
    ['group:10>001/C>001/B>001/A', 4, null],
  ]);
});
