import { expect, test } from 'vitest';
import type { Attempt } from './attempt.ts';
import { whyNotLanded } from './recovery.ts';
import type { Task } from './task.ts';

const attempt = { token: 7, endedAt: 5, outcome: 'failed', reason: 'red check' } as Attempt;
const task = {
  id: 'T1',
  key: '001/T1',
  closed: null,
  inbox: null,
  hold: null,
  evidence: null,
  landing: null,
  pr: null,
  failures: [] as Task['failures'],
} as unknown as Task;
const proven = { ...task, evidence: { token: 7 } } as Task;
const queued = { ...proven, landing: { state: 'queued' } } as Task;
const approval = { kind: 'approval', reason: 'it changes CI', token: 7, at: 5 } as const;
const done = { ...attempt, outcome: 'done', reason: null } as Attempt;
const failures = [{ token: 7, outcome: 'bounced', reason: 'conflict in a' }] as unknown as Task['failures'];

test.each<[string, Parameters<typeof whyNotLanded>]>([
  ['the store does not know its attempt', ['attempt', { attempt: null, task: null }]],
  ['it is a conflict that was shown to the next attempt', ['conflict', { attempt, task }]],
  ['attempt 7 is at work', ['branch', { attempt: { ...attempt, endedAt: null }, task }]],
  ['attempt 7 ended: failed, red check', ['attempt', { attempt, task }]],
  ['not committed; attempt 7 ended: failed, red check', ['salvage', { attempt, task }]],
  ['sent back from landing: conflict in a', ['attempt', { attempt: done, task: { ...task, failures } }]],
  ['T1 was reopened after it was done', ['attempt', { attempt: done, task }]],
  ['it is done and not handed to the landing queue', ['attempt', { attempt: done, task: proven }]],
  ['it waits in the landing queue', ['attempt', { attempt: done, task: queued }]],
  [
    'it is done and waits for approval: orbit approve 001/T1, or orbit reject 001/T1 "why"',
    ['attempt', { attempt: done, task: { ...queued, inbox: approval } }],
  ],
  [
    'it is done and waits for a person: 001/T0 was cancelled',
    [
      'branch',
      {
        attempt: done,
        task: { ...proven, inbox: { ...approval, kind: 'dependency-cancelled', reason: '001/T0 was cancelled' } },
      },
    ],
  ],
  [
    'it is done and held by person:ada: not before Monday',
    ['attempt', { attempt: done, task: { ...queued, hold: { by: 'person:ada', why: 'not before Monday', at: 1 } } }],
  ],
  [
    'pull request #12 was merged; the target has other content now',
    ['attempt', { attempt: done, task: { ...proven, pr: { number: 12, status: 'merged' } } }],
  ],
  [
    'it is done and waits for pull request #12 (pending_review)',
    ['attempt', { attempt: done, task: { ...proven, pr: { number: 12, status: 'pending_review' } } }],
  ],
  [
    'T1 landed with other work; attempt 7 ended: failed, red check',
    ['attempt', { attempt, task: { ...task, evidence: { token: 8 }, landing: { state: 'landed' } } as Task }],
  ],
  [
    'T1 was cancelled by person:ada: no longer wanted',
    [
      'attempt',
      {
        attempt: done,
        task: { ...proven, closed: { as: 'cancelled', by: 'person:ada', why: 'no longer wanted', at: 1 } },
      },
    ],
  ],
])('P1 %s', (why, args) => {
  expect(whyNotLanded(...args)).toBe(why);
});
