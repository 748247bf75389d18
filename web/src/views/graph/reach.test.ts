import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockedBy, longestOpenChain, neededBy, reach, type Needs } from './reach.ts';

const needs: Needs = new Map([
  ['a', []],
  ['b', ['a']],
  ['c', ['a', 'elsewhere']],
  ['d', ['b', 'c']],
  ['e', ['d']],
  ['f', []],
]);

test('what lies before and behind a task', () => {
  expect([...reach(needs, 'd')].toSorted()).toEqual(['a', 'b', 'c']);
  expect([...reach(neededBy(needs), 'b')].toSorted()).toEqual(['d', 'e']);
  expect(reach(needs, 'a').size).toBe(0);
  expect([
    ...reach(
      new Map([
        ['x', ['y']],
        ['y', ['x']],
      ]),
      'x',
    ),
  ]).toEqual(['y']);
});

test('a blocked task names the open work at the root of it', () => {
  const waitingFor: Needs = new Map([
    ['a', []],
    ['b', ['a']],
    ['c', []],
    ['d', ['b', 'c']],
  ]);
  const { path, causes } = blockedBy(waitingFor, 'd');
  expect([...path].toSorted()).toEqual(['a', 'b', 'c']);
  expect(causes.toSorted()).toEqual(['a', 'c']);
});

test('the longest chain of open tasks leaves out what has landed', () => {
  expect(longestOpenChain(needs, () => true)).toHaveLength(4);
  expect(longestOpenChain(needs, (key) => key !== 'a')).toEqual(['b', 'd', 'e']);
  expect(longestOpenChain(needs, () => false)).toEqual([]);
});

test('no chain of open tasks is longer than the longest', () => {
  const graphs = fc
    .array(fc.array(fc.nat(12), { maxLength: 3 }), { maxLength: 12 })
    .map((list) => new Map(list.map((own, index) => [`${index}`, own.filter((one) => one < index).map(String)])));
  fc.assert(
    fc.property(graphs, (graph) => {
      const depth = (key: string): number => 1 + Math.max(0, ...(graph.get(key) ?? []).map(depth));
      const chain = longestOpenChain(graph, () => true);
      expect(chain.length).toBe(Math.max(0, ...[...graph.keys()].map(depth)));
      const loose = chain.slice(1).filter((key, index) => graph.get(key)?.includes(chain[index] ?? '') !== true);
      expect(loose).toEqual([]);
    }),
  );
});
