import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ancestorsOf,
  countBehind,
  criticalPath,
  dependantsOf,
  findCycles,
  topologicalOrder,
  type Graph,
} from './graph.ts';

function graphOf(edges: Record<string, string[]>): Graph<string> {
  return new Map(Object.entries(edges));
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const anyGraph = fc
  .array(fc.subarray(names, { maxLength: 3 }), { minLength: 7, maxLength: 7 })
  .map((lists): Graph<string> => new Map(names.map((name, index) => [name, lists[index] ?? []])));
/** Edges only to earlier names. */
const acyclicGraph = anyGraph.map(
  (graph): Graph<string> =>
    new Map([...graph].map(([name, dependencies]) => [name, dependencies.filter((dependency) => dependency < name)])),
);

test('I14 every ring that is reported exists, and none is reported only where an order exists', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const cycles = findCycles(graph);
      for (const cycle of cycles) {
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle[0]).toBe(cycle.at(-1));
        for (const [index, name] of cycle.slice(0, -1).entries()) expect(graph.get(name)).toContain(cycle[index + 1]);
      }
      expect(cycles.length === 0).toBe(topologicalOrder(graph).length === graph.size);
    }),
  );
});

test('each tangle of rings is reported', () => {
  const cycles = findCycles(
    graphOf({ a: ['b'], b: ['a'], c: ['a', 'd'], d: ['e'], e: ['d', 'f'], f: ['f'], g: ['a', 'h'], h: ['g'] }),
  );
  expect(cycles).toEqual([
    ['a', 'b', 'a'],
    ['d', 'e', 'd'],
    ['f', 'f'],
    ['g', 'h', 'g'],
  ]);
});

test('the order puts dependencies first and ignores names of other plans', () => {
  fc.assert(
    fc.property(acyclicGraph, (graph) => {
      const order = topologicalOrder(graph);
      expect([...order].sort()).toEqual(names);
      for (const [name, dependencies] of graph) {
        for (const dependency of dependencies) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(name));
      }
    }),
  );
  expect(topologicalOrder(graphOf({ a: ['other/x'], b: ['a', 'a'] }))).toEqual(['a', 'b']);
});

test('dependants mirror dependencies, ancestors reach as far as the order says', () => {
  fc.assert(
    fc.property(acyclicGraph, (graph) => {
      const dependants = dependantsOf(graph);
      for (const name of names) {
        const below = ancestorsOf(graph, name);
        expect(below.has(name)).toBe(false);
        for (const other of names) {
          expect(dependants.get(other)?.includes(name)).toBe(graph.get(name)?.includes(other));
          const direct = graph.get(name) ?? [];
          const reached = direct.includes(other) || direct.some((one) => ancestorsOf(graph, one).has(other));
          expect(below.has(other)).toBe(reached);
        }
      }
    }),
  );
});

test('the critical path is a chain, and no chain is longer', () => {
  const durations = fc.array(fc.nat({ max: 9 }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(acyclicGraph, durations, (graph, lengths) => {
      const duration = (name: string): number => lengths[names.indexOf(name)] ?? 0;
      const { path, lengthMs } = criticalPath(graph, duration);
      expect(path.reduce((sum, name) => sum + duration(name), 0)).toBe(lengthMs);
      for (const [index, name] of path.slice(1).entries()) expect(graph.get(name)).toContain(path[index]);
      const longest = (name: string): number => duration(name) + Math.max(0, ...(graph.get(name) ?? []).map(longest));
      expect(lengthMs).toBe(Math.max(...names.map(longest)));
    }),
  );
  expect(criticalPath(new Map(), () => 1)).toEqual({ path: [], lengthMs: 0 });
});

test('a chain and a ring of 100,000 tasks are walked without running out of stack', () => {
  const size = 100_000;
  const chain: Graph<string> = new Map(
    Array.from({ length: size }, (_, index) => [`t${index}`, index === 0 ? [] : [`t${index - 1}`]]),
  );
  expect(topologicalOrder(chain)).toHaveLength(size);
  expect(findCycles(chain)).toEqual([]);
  expect(criticalPath(chain, () => 2).lengthMs).toBe(2 * size);
  expect(ancestorsOf(chain, `t${size - 1}`).size).toBe(size - 1);
  const ring = new Map(chain).set('t0', [`t${size - 1}`]);
  expect(findCycles(ring).map((cycle) => cycle.length)).toEqual([size + 1]);
});

test('what waits behind groups of names is counted as a walk from each one finds it', () => {
  fc.assert(
    fc.property(acyclicGraph, fc.array(fc.subarray(names), { maxLength: 70 }), (graph, groups) => {
      const ancestors = new Map(names.map((name) => [name, ancestorsOf(graph, name)]));
      const walked = groups.map(
        (group) =>
          names.filter((name) => !group.includes(name) && group.some((one) => ancestors.get(name)?.has(one) === true))
            .length,
      );
      expect(countBehind(graph, groups)).toEqual(walked);
    }),
  );
});

test('names on a ring and unknown names have nothing behind them, and harm no count', () => {
  const graph = graphOf({ a: [], b: ['a'], c: ['d', 'a'], d: ['c'], e: ['c'] });
  expect(countBehind(graph, [['a'], ['c'], ['x'], []])).toEqual([1, 0, 0, 0]);
});

test('a chain of 20,000 tasks is counted for each of its tasks', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => `t${index}`);
  const graph = new Map(chain.map((name, index) => [name, index === 0 ? [] : [`t${index - 1}`]]));
  const counts = countBehind(
    graph,
    chain.slice(0, 2_000).map((name) => [name]),
  );
  expect(counts.slice(0, 3)).toEqual([19_999, 19_998, 19_997]);
  expect(counts.at(-1)).toBe(18_000);
});
