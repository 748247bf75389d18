import { expect, test } from 'vitest';
import { attemptOf, claimOf, evidenceOf, samplePlan, taskWith } from '../../test/support/core-samples.ts';
import { limits } from './limits.ts';
import { reportPlan } from './report.ts';
import type { Task } from './task.ts';

const now = 10_000_000;
const plan = {
  ...samplePlan,
  layerList: [
    { number: 1, title: 'Foundation' },
    { number: 2, title: 'Rest' },
    { number: 3, title: 'Empty' },
  ],
};

function record(id: string, fields: Partial<Task> & { unmet?: number }): { task: Task; unmet: number } {
  const { unmet = 0, ...facts } = fields;
  return { task: taskWith({ id, title: `Do ${id}`, ...facts }), unmet };
}

const records = [
  record('T1', { layer: 1, evidence: evidenceOf(1), pr: { number: 7, status: 'pending_review' } }),
  record('T2', { layer: 1, claim: claimOf('claude-1', 2, now - 60_000) }),
  record('T3', { layer: 1, claim: claimOf('codex-1', 3, now - limits.stuckMs - 5_000) }),
  record('T4', { layer: 2, unmet: 1, dependencies: ['001/T1', '001/T2', '001/gone'] }),
  record('T5', { layer: 2, inbox: { kind: 'question', reason: 'which port?', token: 4, at: now - 1_000 } }),
  record('T6', { layer: 2, closed: { as: 'cancelled', why: 'no need', by: 'ann', at: 1 } }),
  record('T7', {}),
  { task: taskWith({ id: 'X', key: '002/X', plan: '002' }), unmet: 0 },
];
const attempts = [
  attemptOf('001/T2', 2, { activeAt: now - 4_000, doing: 'npm test', step: 9 }),
  attemptOf('001/T3', 3, { activeAt: now - limits.stuckMs, doing: 'reading' }),
];

test('A9 the report tells per layer how far it is and who is finishing what', () => {
  const report = reportPlan({ plan, records, attempts, now });
  expect(report).toMatchObject({ plan: '001', done: 1, total: 6, paused: false });
  expect(report.counts).toMatchObject({ done: 1, running: 2, blocked: 1, 'needs-you': 1, cancelled: 1, ready: 1 });
  expect(report.layers.map(({ layer, title, status, done, total }) => [layer, title, status, done, total])).toEqual([
    [1, 'Foundation', 'in_progress', 1, 3],
    [2, 'Rest', 'blocked', 0, 2],
    [3, 'Empty', 'completed', 0, 0],
    [null, '', 'available', 0, 1],
  ]);
  expect(report.layers[0]?.finishing).toMatchObject([
    { task: '001/T2', agent: 'claude-1', sinceMs: 60_000, silentMs: 4_000, doing: 'npm test' },
    { task: '001/T3', agent: 'codex-1' },
  ]);
});

test('A4 A9 done counts as complete and as met, whatever its pull request says', () => {
  const { layers } = reportPlan({ plan, records, attempts, now });
  expect(layers[1]?.blocked).toEqual([{ task: '001/T4', waitingFor: ['001/T2', '001/gone'] }]);
  expect(layers[1]?.waitingForLayers).toEqual([1]);
  const strict = reportPlan({ plan: { ...plan, unblock: 'landed' }, records, attempts, now });
  expect(strict.layers[1]?.blocked[0]?.waitingFor).toEqual(['001/T1', '001/T2', '001/gone']);
  expect(strict.done).toBe(1);
});

test('A9 a task without any sign for the set time is stuck, and what needs a person is listed', () => {
  const { layers } = reportPlan({ plan, records, attempts, now });
  expect(layers[0]?.stuck.map(({ task }) => task)).toEqual(['001/T3']);
  expect(layers[1]?.needsYou).toEqual([{ task: '001/T5', kind: 'question', reason: 'which port?', sinceMs: 1_000 }]);
  const quick = reportPlan({ plan, records, attempts, now, stuckMs: 4_000 });
  expect(quick.layers[0]?.stuck).toHaveLength(2);
  // Without an attempt to look at, the claim's age counts.
  const blind = reportPlan({ plan, records, attempts: [], now });
  expect(blind.layers[0]?.stuck.map(({ task, silentMs }) => [task, silentMs])).toEqual([['001/T3', null]]);
});
