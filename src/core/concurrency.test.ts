import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concurrencyMode } from './concurrency.ts';
import type { TaskKey } from './id.ts';
import { meetingEntries } from './overlap.ts';
import { entriesOverlap, scopesOverlap, tidyEntry } from './scope.ts';

function tasks(...scopes: string[][]): { key: TaskKey; dependencies: TaskKey[]; scope: string[] }[] {
  return scopes.map((scope, index) => ({ key: `p/${index}`, dependencies: [], scope }));
}

test('E8 the mode follows from how many tasks are independent', () => {
  expect(concurrencyMode([])).toBe('sequential');
  expect(concurrencyMode(tasks(['a']))).toBe('sequential');
  expect(concurrencyMode(tasks(['a'], ['b']))).toBe('parallel-async');
  expect(concurrencyMode(tasks(['a'], ['b'], [], []))).toBe('parallel-async');
  expect(concurrencyMode(tasks(['a'], ['b'], ['c'], ['d'], ['e']))).toBe('parallel-threads');
});

test('E8 overlapping scopes and dependencies are sequential', () => {
  expect(concurrencyMode(tasks(['src/'], ['b'], ['src/x/*.ts']))).toBe('sequential');
  expect(concurrencyMode(tasks(['a', 'lock'], ['b', 'lock']))).toBe('sequential');
  expect(concurrencyMode(tasks(['a', 'lock'], ['b', 'lock']), ['lock'])).toBe('parallel-async');
  const first: TaskKey = 'p/0';
  const chained = tasks(['a'], ['b']).map((task) => ({ ...task, dependencies: task.key === first ? [] : [first] }));
  expect(concurrencyMode(chained)).toBe('sequential');
});

const entry = fc.constantFrom('a', 'a/', './a/b', 'a/b/c.ts', 'ab', 'a/*', '**/c.ts', '{a,b}/c', 'b', '.', 'd/e');

test('C9 E8 the mode is sequential exactly when two scopes overlap', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(entry, { maxLength: 3 }), { minLength: 2, maxLength: 5 }),
      fc.subarray(['a/b', 'b']),
      (scopes, shared) => {
        const overlap = scopes.some((one, index) =>
          scopes.slice(index + 1).some((other) => scopesOverlap(one, other, shared)),
        );
        expect(concurrencyMode(tasks(...scopes), shared) === 'sequential').toBe(overlap);
      },
    ),
  );
});

test('C9 entries that meet are found without comparing plain paths one by one', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
      const tidy = [...new Set(entries.map(tidyEntry))];
      const meeting = meetingEntries(entries, []);
      expect([...meeting.keys()]).toEqual(tidy);
      for (const one of tidy) {
        expect(meeting.get(one)?.toSorted()).toEqual(tidy.filter((other) => entriesOverlap(one, other)).toSorted());
      }
    }),
  );
  const many = Array.from({ length: 50_000 }, (_, index) => `src/${index}/${index}.ts`);
  expect(meetingEntries(many, []).get('src/7/7.ts')).toEqual(['src/7/7.ts']);
});
