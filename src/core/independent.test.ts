import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concurrencyMode } from './concurrency.ts';
import type { TaskKey } from './id.ts';
import { clashesIn, independentFirst, type SetTask } from './independent.ts';

const keys: readonly TaskKey[] = ['1/a', '1/b', '1/c', '1/d', '1/e', '1/f', '1/g', '1/h'];
const scopes = ['src/a', 'src/b', 'src/**', 'docs/', '*.md', 'src/a/x.ts'];

const tasks = fc
  .array(fc.record({ needs: fc.subarray([...keys]), scope: fc.subarray(scopes, { maxLength: 2 }) }), {
    maxLength: keys.length,
  })
  .map((all) =>
    all.map(({ needs, scope }, index): SetTask => {
      const key = keys[index] as TaskKey;
      return { key, dependencies: needs.filter((other) => other < key), scope };
    }),
  );

test('E8 D2 a set is worked on side by side only where no two clash, and by its size', () => {
  fc.assert(
    fc.property(tasks, (set) => {
      const mode = concurrencyMode(set);
      const parallel = set.length < 5 ? 'parallel-async' : 'parallel-threads';
      expect(mode).toBe(set.length < 2 || clashesIn(set).length > 0 ? 'sequential' : parallel);
    }),
  );
});

test('D2 what is chosen from a list is independent, begins with its best, and leaves out only what clashes', () => {
  fc.assert(
    fc.property(tasks, fc.integer({ min: 0, max: 8 }), (set, max) => {
      const chosen = independentFirst(set, max);
      expect(clashesIn(chosen)).toEqual([]);
      expect(chosen.length).toBeLessThanOrEqual(max);
      expect(chosen[0]).toBe(max === 0 ? undefined : set[0]);
      const left = chosen.length === max ? [] : set.filter((one) => !chosen.includes(one));
      expect(left.filter((task) => clashesIn([...chosen, task]).length === 0)).toEqual([]);
    }),
  );
});

test('D2 a clash names who needs whom', () => {
  const [a, b, c]: SetTask[] = [
    { key: '1/a', dependencies: [], scope: ['src/a'] },
    { key: '1/b', dependencies: ['1/a'], scope: [] },
    { key: '1/c', dependencies: [], scope: ['src'] },
  ];
  expect(clashesIn([a, b, c] as SetTask[])).toEqual([
    { one: '1/b', other: '1/a', why: 'needs' },
    { one: '1/a', other: '1/c', why: 'overlaps' },
  ]);
  expect(clashesIn([a, c] as SetTask[], ['src/a'])).toEqual([]);
});
