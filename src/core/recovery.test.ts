import { expect, test } from 'vitest';
import type { Attempt } from './attempt.ts';
import { whyNotLanded } from './recovery.ts';
import type { Task } from './task.ts';

const attempt = { token: 7, endedAt: 5, outcome: 'failed', reason: 'red check' } as Attempt;
const task = { id: 'T1', closed: null, evidence: null, landing: null, failures: [] as Task['failures'] } as Task;
const proven = { ...task, evidence: { token: 7 } } as Task;
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
  [
    'it waits in the landing queue',
    ['attempt', { attempt: done, task: { ...proven, landing: { state: 'queued' } } as Task }],
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
