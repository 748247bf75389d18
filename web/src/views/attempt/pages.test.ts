import { expect, test } from 'vitest';
import { choices, earlierFrom, firstHeld, namesOf, offsetOf, withEarlier, withLater, type Page } from './pages.ts';

const page = (lines: number[], rest: Partial<Page> = {}): Page => ({
  token: 1,
  next: (lines.at(-1) ?? 0) + 10,
  more: false,
  live: true,
  entries: lines.map((line) => ({ at: null, kind: 'message', text: `at ${line}`, line })),
  ...rest,
});

test('a transcript grows at its end, and stays the same object when nothing came', () => {
  const held = firstHeld(page([500, 510]), -1, 2);
  expect(held.from).toBe(500);
  expect(withLater(held, page([], { next: 520 }))).toBe(held);
  expect(withLater(held, page([520, 530])).entries.map(({ line }) => line)).toEqual([500, 510, 520, 530]);
});

test('a transcript grows at its beginning without telling anything twice', () => {
  const held = firstHeld(page([900_000, 900_010]), -1, 2);
  const asked = earlierFrom(held) ?? -1;
  expect(asked).toBe(900_000 - 262_144);
  const grown = withEarlier(held, page([700_000, 800_000, 900_000]), asked);
  expect(grown.entries.map(({ line }) => line)).toEqual([700_000, 800_000, 900_000, 900_010]);
  expect(grown.from).toBe(700_000);
  const whole = withEarlier(grown, page([0, 10, 700_000]), 0);
  expect(whole.from).toBe(0);
  expect(earlierFrom(whole)).toBeUndefined();
});

test('an end with fewer entries than asked for is the whole log', () => {
  expect(firstHeld(page([500, 510]), -1, 100).from).toBe(0);
});

test('entries of one line have names of their own that lead back to it', () => {
  const names = namesOf(page([0, 40, 40, 90]).entries);
  expect(names).toEqual(['e0', 'e40', 'e40.1', 'e90']);
  expect(names.map(offsetOf)).toEqual([0, 40, 40, 90]);
  expect(offsetOf('elsewhere')).toBeUndefined();
});

test('problems are errors and tools that failed', () => {
  const entry = (kind: string, text: string): boolean =>
    choices['problems']?.({ at: null, kind, text, line: 0 }) ?? false;
  expect([entry('tool-result', 'failed exit 1'), entry('tool-result', 'exit 0 ok'), entry('error', 'x')]).toEqual([
    true,
    false,
    true,
  ]);
});
