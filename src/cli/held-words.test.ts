import { expect, test } from 'vitest';
import type { TaskView } from '../actions/task-view.ts';
import { heldLines, sharedLines, sharedReasons } from './held-words.ts';
import { taskLines } from './words.ts';

const why = 'refs/heads/main is checked out in /home/ada/app with changes of its own: commit or remove them';

test('P9 a cause that holds landings is one line, with all that it holds and since the first of it', () => {
  const held = [
    { plan: '001', tasks: ['T2', 'T3'], why, since: '2026-11-02T10:00:00.000Z' },
    { plan: '002', tasks: ['A'], why, since: '2026-11-01T10:00:00.000Z' },
    { plan: '002', tasks: ['B'], why: 'landing of plan 002 is paused', since: '2026-11-03T10:00:00.000Z' },
  ];
  expect(heldLines(held)).toEqual([
    `001/T2, 001/T3, 002/A: held since 2026-11-01T10:00:00.000Z: ${why}`,
    '002/B: held since 2026-11-03T10:00:00.000Z: landing of plan 002 is paused',
  ]);
  const tasks = Array.from({ length: 30 }, (_, at) => `T${at}`);
  expect(heldLines([{ plan: '001', tasks, why: 'x', since: 's' }])).toEqual([
    '001/T0, 001/T1, 001/T2, 001/T3, 001/T4, 001/T5, 001/T6, 001/T7 and 22 more: held since s: x',
  ]);
});

test('a reason is shared from two on, and told once below the rows', () => {
  const shared = sharedReasons([
    { key: '001/T1', reason: 'release week' },
    { key: '001/T2', reason: null },
    { key: '001/T3', reason: 'release week' },
    { key: '001/T4', reason: 'which port?' },
  ]);
  expect(sharedLines(shared)).toEqual(['001/T1, 001/T3: release week']);
  const view = (id: string, reason: string | null): TaskView =>
    ({
      id,
      key: `001/${id}`,
      title: id,
      status: 'waiting',
      waitingFor: [],
      reason,
      holder: null,
      agent: null,
    }) as unknown as TaskView;
  const tasks = [view('T1', 'release week'), view('T2', 'release week'), view('T4', 'which port?')];
  expect(taskLines(tasks, (text) => text)).toEqual([
    'T1  waiting  @any  T1',
    'T2  waiting  @any  T2',
    'T4  waiting  @any  T4  (which port?)',
    '001/T1, 001/T2: release week',
  ]);
});
