import { expect, test } from 'vitest';
import type { RunSummary } from '../../coordinator/run.ts';
import { summaryLines, type SummaryOptions } from './summary.ts';

const left: RunSummary['left'] = [
  {
    key: '001/T1',
    title: 'One',
    status: 'ready',
    reason: 'this run has no agent',
  },
];
const none = {
  over: true,
  counts: { ready: 1, cancelled: 0 },
  left,
  landed: 0,
  failed: 0,
  needsYou: 1,
  attempts: 0,
  elapsedMs: 5000,
  serialMs: 0,
  drained: false,
} as unknown as RunSummary;
const plans: SummaryOptions['plans'] = [{ id: '001', target: 'refs/heads/orbit/001', hasTarget: true }];
const options: SummaryOptions = { plans, hasLogs: true, branch: 'refs/heads/main' };

function next(summary: RunSummary, given: SummaryOptions): string[] {
  const lines = summaryLines(summary, given);
  const at = lines.indexOf('Where to look next:');
  return at < 0 ? [] : lines.slice(at + 1).map((line) => line.trim());
}

test('the summary sends nobody to a branch or to logs that do not exist', () => {
  expect(next(none, options)).toEqual(['orbit why T1', 'orbit logs T1', 'git log --first-parent orbit/001']);
  const missing = plans.map((plan) => ({ ...plan, hasTarget: false }));
  expect(next(none, { ...options, plans: missing, hasLogs: false })).toEqual(['orbit why T1']);
  expect(next({ ...none, left: [] }, { ...options, plans: missing })).toEqual([]);
});

test('the summary says how to take landed work over, where the branch does not have it', () => {
  const landed = { ...none, landed: 1 };
  expect(next(landed, options)).toContain('orbit land 001 --so-far');
  expect(next({ ...landed, left: [] }, options)).toContain('orbit land 001');
  expect(next(landed, { ...options, branch: 'refs/heads/orbit/001' }).join()).not.toContain('orbit land');
  expect(next(landed, { ...options, branch: null }).join()).not.toContain('orbit land');
});
