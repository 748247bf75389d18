import { expect, test } from 'vitest';
import { attemptOf } from '../../test/support/core-samples.ts';
import type { Attempt } from './attempt.ts';
import { tend, type Tending } from './tend.ts';

const limits = { runnerStartMs: 10_000 };
const runner = { host: 'h', pid: 1, startedAt: 's' };

interface Row {
  /** When the lease ends, relative to now. */
  lease: number;
  look?: 'alive' | 'gone' | 'unknown';
  /** A runner beat before. */
  seen?: boolean;
  startedHere?: boolean;
  byHand?: boolean;
  /** Age of the claim. */
  age?: number;
  expected: Tending;
}

const rows: Record<string, Row> = {
  'alive within its lease': { lease: 1, look: 'alive', seen: true, expected: 'leave' },
  'out of sight within its lease': { lease: 1, look: 'unknown', seen: true, expected: 'leave' },
  'seen gone within its lease': { lease: 1, look: 'gone', seen: true, expected: 'runner-gone' },
  'out of sight after its lease': { lease: 0, look: 'unknown', seen: true, expected: 'lease-over' },
  'alive after its lease': { lease: -1, look: 'alive', seen: true, expected: 'stop-runner' },
  'claimed by hand within its lease': { lease: 1, look: 'gone', byHand: true, expected: 'leave' },
  'claimed by hand after its lease': { lease: 0, look: 'alive', byHand: true, expected: 'lease-over' },
  'never started, claimed just now': { lease: 1, age: 9_999, expected: 'leave' },
  'never started, claimed long ago': { lease: 1, age: 10_000, expected: 'start' },
  'never started, claimed in the future by a clock set back': { lease: 1, age: -10_000, expected: 'start' },
  'never started and the lease is over': { lease: 0, age: 99_999, expected: 'lease-over' },
  'started here, not beaten yet': { lease: 1, age: 99_999, look: 'alive', startedHere: true, expected: 'leave' },
  'started here and gone at once': { lease: 1, look: 'gone', startedHere: true, expected: 'runner-gone' },
};

const now = 1_000_000;

function attempt({ lease, seen = false, byHand = false, age = 0 }: Row): Attempt {
  const made = attemptOf('001/T1', 1, { expiresAt: now + lease, runner: seen ? runner : null });
  return { ...made, byHand, startedAt: now - age };
}

for (const [what, row] of Object.entries(rows)) {
  test(`D5 B9 ${what}: ${row.expected}`, () => {
    const seen = { look: row.look ?? 'unknown', startedHere: row.startedHere ?? false } as const;
    expect(tend(attempt(row), seen, { now, limits })).toBe(row.expected);
  });
}
