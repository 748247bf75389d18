import { expect, test } from 'vitest';
import type { TaskKey } from '../core/id.ts';
import { refuseCycle } from './cycle.ts';

test('I14 of several rings the same one is named, in whatever order a store keeps dependencies', () => {
  const needs = new Map<TaskKey, readonly TaskKey[]>([
    ['001/A', ['001/D']],
    ['001/D', ['001/B', '001/A']],
    ['001/B', ['001/A']],
  ]);
  const named = (flip: boolean): string | undefined =>
    refuseCycle(['001/A'], (key) => {
      const list = needs.get(key) ?? [];
      return flip ? list.toReversed() : list;
    })?.message;
  expect(named(false)).toContain('001/A -> 001/D -> 001/A');
  expect(named(true)).toBe(named(false));
});
