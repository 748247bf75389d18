import { expect, test } from 'vitest';
import type { Task } from '../../../../src/api/contract.ts';
import { foldedGraph, groupStatus } from './fold.ts';

function task(id: string, fields: Partial<Task> = {}): Task {
  return {
    id,
    key: `001/${id}`,
    plan: '001',
    title: `Title of ${id}`,
    status: 'ready',
    layer: null,
    agent: null,
    dependencies: [],
    waitingFor: [],
    score: 0,
    kind: 'implement',
    priority: 0,
    holder: null,
    token: null,
    attempts: 0,
    reason: null,
    pr: null,
    ...fields,
  };
}

const tasks = [
  task('A', { layer: 1 }),
  task('B', { layer: 1, dependencies: ['A'] }),
  task('C', { layer: 2, dependencies: ['A', 'B', '002/X'] }),
];

test('a folded layer is one node; edges inside it vanish, edges from it become one', () => {
  const graph = foldedGraph(tasks, 'layer', new Set(['1']));
  expect(graph.map(({ key }) => key)).toEqual(['001/C', 'group:1']);
  expect(graph[0]?.needs).toEqual(['group:1', '002/X']);
  expect(graph[1]).toMatchObject({ title: 'Layer 1', band: 1, needs: [] });
  expect(graph[1]?.group?.tasks).toHaveLength(2);
});

test('nothing folded: a node per task, with full keys', () => {
  const graph = foldedGraph(tasks, 'layer', new Set());
  expect(graph.map(({ needs }) => needs)).toEqual([[], ['001/A'], ['001/A', '001/B', '002/X']]);
});

test('a group shows first what a person must see', () => {
  expect(groupStatus([task('A', { status: 'landed' }), task('B', { status: 'needs-you' })])).toBe('needs-you');
  expect(groupStatus([task('A', { status: 'landed' }), task('B', { status: 'cancelled' })])).toBe('landed');
  expect(groupStatus([task('B', { status: 'cancelled' })])).toBe('cancelled');
});
