import { expect, test } from 'vitest';
import type { Evidence, Task } from '../core/task.ts';
import { progressTasks } from './progress-task.ts';
import { writeProgress } from './progress.ts';

const base: Task = {
  key: '001/T1',
  plan: '001',
  id: 'T1',
  title: 'One',
  body: '',
  kind: 'implement',
  parent: null,
  layer: 1,
  agent: 'claude',
  priority: 0,
  scope: [],
  checks: [],
  dependencies: [],
  estimateMs: null,
  closed: null,
  hold: null,
  inbox: null,
  claim: null,
  attempts: 0,
  attemptsGranted: 0,
  spentMs: 0,
  failures: [],
  retryAt: null,
  rung: 'first',
  avoid: null,
  walls: 0,
  origin: null,
  advice: null,
  evidence: null,
  approval: null,
  widened: [],
  widening: null,
  landing: null,
  bounces: 0,
  pr: null,
  createdAt: 0,
  startedAt: null,
  doneAt: null,
};
const evidence: Evidence = {
  token: 7,
  agent: 'claude-1',
  commit: 'c',
  base: 'b',
  tree: 't',
  branch: 'orbit-work/001/T1-7',
  commits: 1,
  files: 1,
  checks: [],
  noChanges: null,
  at: 5,
};
const claim = {
  agent: 'claude-2',
  token: 8,
  rung: 'first' as const,
  model: null,
  byHand: false,
  since: 3,
  expiresAt: 9,
  reported: null,
};
const one = (facts: Partial<Task>, unmet = 0) => progressTasks([{ task: { ...base, ...facts }, unmet }], 'done', 10)[0];

const states: [name: string, facts: Partial<Task>, unmet: number, status: string | undefined][] = [
  ['ready', {}, 0, 'available'],
  ['blocked', {}, 1, 'blocked'],
  ['held', { hold: { why: 'x', by: 'me', at: 1 } }, 0, 'blocked'],
  ['waiting for a retry', { retryAt: 99 }, 0, 'blocked'],
  ['needs a person', { inbox: { kind: 'question', reason: 'x', token: null, at: 1 } }, 0, 'blocked'],
  ['running', { claim }, 0, 'in_progress'],
  ['done, not landed', { evidence, doneAt: 5 }, 0, 'completed'],
  ['closed by a person', { closed: { as: 'completed', why: 'x', by: 'me', at: 6 } }, 0, 'completed'],
  ['cancelled', { closed: { as: 'cancelled', why: 'x', by: 'me', at: 6 } }, 0, undefined],
];

for (const [name, facts, unmet, status] of states) {
  test(`A2 A4 a task that is ${name} shows as ${status ?? 'nothing'}`, () =>
    expect(one(facts, unmet)?.status).toBe(status));
}

test('A2 tells who works where, and its pull request', () => {
  expect(one({ claim, startedAt: 3 })).toMatchObject({
    agent: 'claude-2',
    assignedTo: 'claude',
    worktree: 'T1-8',
    startedAt: 3,
  });
  expect(one({ claim: { ...claim, byHand: true } })?.worktree).toBe(null);
  expect(one({ evidence, doneAt: 5, pr: { number: 12, status: 'approved' } })).toMatchObject({
    agent: 'claude-1',
    worktree: 'T1-7',
    pr: 12,
    prStatus: 'approved',
    completedAt: 5,
  });
  expect(one({ evidence: { ...evidence, branch: 'my-branch' } })?.worktree).toBe(null);
});

test('A4 with unblock: landed a dependency that is only done keeps its dependants back', () => {
  const first = { task: { ...base, evidence, doneAt: 5 }, unmet: 0 };
  const second = {
    task: { ...base, key: '001/T2' as const, id: 'T2', layer: 2, dependencies: ['001/T1' as const, '002/T9' as const] },
    unmet: 1,
  };
  const waiting = (unblock: 'done' | 'landed') => progressTasks([first, second], unblock, 10)[1]?.waitingFor;
  expect(waiting('done')).toEqual([]);
  expect(waiting('landed')).toEqual(['T1']);
  const plan = { layerList: [], layers: 'hints' as const, unblock: 'landed' as const };
  const read = JSON.parse(writeProgress({ plan, tasks: [first, second], now: 10 }));
  expect(read.layers).toMatchObject({
    1: { status: 'completed', blocking_layer_2: true },
    2: { waiting_for: 'layer_1' },
  });
  expect(read.tasks.T2).toEqual({ status: 'blocked', dependencies: ['T1', '002/T9'], assigned_to: 'claude' });
});
