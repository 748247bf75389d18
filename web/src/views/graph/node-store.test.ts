import { expect, test } from 'vitest';
import { NodeStore } from './node-store.ts';

test('a change is told to its own node and to the whole, once; what stays is not told', () => {
  const store = new NodeStore();
  const told: string[] = [];
  store.set([
    ['a', { status: 'ready' }],
    ['b', { status: 'ready' }],
  ]);
  store.subscribe('a', () => told.push('a'));
  const end = store.subscribe('b', () => told.push('b'));
  store.subscribe(null, () => told.push('all'));
  const before = store.get('b');
  store.set([
    ['a', { status: 'running' }],
    ['b', { status: 'ready' }],
  ]);
  expect(told).toEqual(['a', 'all']);
  expect(store.get('b')).toBe(before);
  end();
  store.set([['b', { mark: 'dim' }]]);
  expect(told).toEqual(['a', 'all', 'all']);
  expect(store.get('b')).toEqual({ status: 'ready', note: '', mark: 'dim' });
});
