import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inboxRank, inboxRisk, type InboxSort, type RankFacts } from './inbox-rank.ts';

const facts = fc.record({
  blocks: fc.nat(100_000),
  ageMs: fc.integer({ min: -1_000_000, max: 10 * 365 * 86_400_000 }),
  risk: fc.double({ min: 1, max: 10, noNaN: true }),
});
const sorts: InboxSort[] = ['question', 'approval', 'plan', 'scope', 'conflict', 'stuck', 'failed', 'budget', 'quota'];

test('D7 more work behind it, more age or more risk never ranks lower', () => {
  const fields: (keyof RankFacts)[] = ['blocks', 'ageMs', 'risk'];
  fc.assert(
    fc.property(facts, fc.constantFrom(...fields), fc.nat(1_000_000), (one, field, more) => {
      expect(inboxRank({ ...one, [field]: one[field] + more })).toBeGreaterThanOrEqual(inboxRank(one));
    }),
  );
});

test('D7 among equals whatever blocks one task more, or is an hour older, comes first', () => {
  fc.assert(
    fc.property(facts, (one) => {
      const old = { ...one, ageMs: Math.max(0, one.ageMs) };
      expect(inboxRank({ ...old, blocks: old.blocks + 1 })).toBeGreaterThan(inboxRank(old));
      expect(inboxRank({ ...old, ageMs: old.ageMs + 3_600_000 })).toBeGreaterThan(inboxRank(old));
    }),
  );
});

test('D7 a rank is a positive number, also of a clock that was set back', () => {
  fc.assert(
    fc.property(facts, (one) => {
      expect(inboxRank(one)).toBeGreaterThanOrEqual(1);
    }),
  );
  expect(inboxRank({ blocks: 0, ageMs: -5, risk: 1 })).toBe(inboxRank({ blocks: 0, ageMs: 0, risk: 1 }));
});

test('D7 what stops a plan goes before what has lain about for a month and stops nothing', () => {
  const month = inboxRank({ blocks: 0, ageMs: 30 * 86_400_000, risk: inboxRisk('question') });
  expect(inboxRank({ blocks: 40, ageMs: 0, risk: inboxRisk('question') })).toBeGreaterThan(month);
  expect(month).toBeGreaterThan(inboxRank({ blocks: 2, ageMs: 0, risk: inboxRisk('question') }));
});

test('D7 a heavier risk in the change makes an approval more pressing', () => {
  for (const sort of sorts) expect(inboxRisk(sort, 95)).toBeGreaterThan(inboxRisk(sort, 30));
  expect(inboxRisk('login')).toBeGreaterThan(inboxRisk('conflict'));
});
