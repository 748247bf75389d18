import { expect, test } from 'vitest';
import { reportConflicts } from './conflict-report.ts';
import type { Event } from './event.ts';
import type { TaskKey } from './id.ts';

type Line = Pick<Event, 'task' | 'body'>;
const taken = (task: TaskKey): Line => ({
  task,
  body: {
    type: 'task-claimed',
    agent: 'a',
    token: 1,
    byHand: false,
    expiresAt: 0,
    base: null,
    workspace: null,
    branch: null,
  },
});
const seen = (task: TaskKey, other: TaskKey | null): Line => ({
  task,
  body: { type: 'conflict-seen', other, paths: ['a'] },
});
const bounced = (task: TaskKey, cause: 'conflict' | 'red'): Line => ({
  task,
  body: { type: 'landing-bounced', token: 1, cause, reason: '', retryAt: null },
});

test('D10 tasks with conflicts are counted once each, and those that were spared a way back', () => {
  const tasks = ['p/1', 'p/2', 'p/3', 'p/4'] as const;
  const events = [
    ...tasks.map(taken),
    taken('p/1'),
    seen('p/1', 'p/2'),
    seen('p/1', 'p/2'),
    seen('p/3', null),
    bounced('p/3', 'conflict'),
    bounced('p/3', 'conflict'),
    bounced('p/4', 'red'),
  ];
  expect(reportConflicts(events)).toEqual({ seenAhead: 3, avoided: 2, sentBack: 1, sentBackShare: 0.25 });
  expect(reportConflicts([])).toEqual({ seenAhead: 0, avoided: 0, sentBack: 0, sentBackShare: 0 });
});
