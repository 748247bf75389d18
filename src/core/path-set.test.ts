import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayConflict, overlaps, ownChanges, pathSet } from './path-set.ts';

const meets = (one: string[], other: string[]): boolean => mayConflict(pathSet(one), pathSet(other));

test('D5 paths meet where they are equal, one lies below the other, or one is put into a folder that is gone', () => {
  expect(meets(['a/b'], ['a/c', 'ab'])).toBe(false);
  expect(meets(['a/b'], ['x', 'a/b'])).toBe(true);
  expect(meets(['a'], ['a/b/c'])).toBe(true);
  expect(meets(['a/b/c'], ['a'])).toBe(true);
  expect(meets(['lib/', 'lib/one'], ['lib/deep/new'])).toBe(true);
  expect(meets(['lib/one'], ['lib/deep/new'])).toBe(false);
  expect(meets([], ['a'])).toBe(false);
});

test('D5 a change of unknown extent meets every change', () => {
  expect(mayConflict(null, pathSet(['a']))).toBe(true);
  expect(mayConflict(null, null)).toBe(true);
  expect(mayConflict(null, pathSet([]))).toBe(false);
});

test('D5 what came along from the target is no change of its own', () => {
  const work = new Map([
    ['merged', '100644 1'],
    ['resolved', '100644 3'],
    ['own', '100644 4'],
    ['gone/', ''],
  ]);
  const target = new Map([
    ['merged', '100644 1'],
    ['resolved', '100644 2'],
    ['gone/', ''],
  ]);
  expect(ownChanges(work, target)).toEqual(['resolved', 'own']);
});

test('D5 all pairs at once are the same as each pair alone', () => {
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const set = fc.option(fc.array(path, { maxLength: 3 }).map(pathSet), { freq: 8 });
  fc.assert(
    fc.property(fc.array(set, { maxLength: 6 }), (sets) => {
      const alone = sets.flatMap((one, at) =>
        sets.flatMap((other, place) => (place > at && mayConflict(one, other) ? [[at, place]] : [])),
      );
      expect(overlaps(sets)).toEqual(alone);
    }),
  );
});
