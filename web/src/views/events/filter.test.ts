import { expect, test } from 'vitest';
import type { Event } from '../../../../src/api/contract.ts';
import { inALine, shownEvents } from './filter.ts';

const event = (seq: number, fields: Partial<Event>): Event =>
  ({
    seq,
    actor: 'coordinator',
    type: 'task-landed',
    task: 'T1',
    plan: '001',
    attempt: 3,
    data: {},
    ...fields,
  }) as Event;

const events = [
  event(1, { type: 'task-created', data: { definition: { title: 'Parse plans' } } }),
  event(2, { actor: 'claude-1' }),
  event(3, { plan: '002' }),
  event(4, { type: 'message-sent', plan: null, task: null }),
];
const seqs = (filter: Partial<Parameters<typeof shownEvents>[1]>): number[] =>
  shownEvents(events, { types: [], plan: '', words: '', ...filter }).map(({ seq }) => seq);

test('the newest first; by kind, by plan with what is of the project, by words anywhere', () => {
  expect(seqs({})).toEqual([4, 3, 2, 1]);
  expect(seqs({ types: ['task-landed'] })).toEqual([3, 2]);
  expect(seqs({ plan: '001' })).toEqual([4, 2, 1]);
  expect(seqs({ words: 'CLAUDE t1' })).toEqual([2]);
  expect(seqs({ words: 'parse plans' })).toEqual([1]);
  expect(seqs({ words: '001/t1 nowhere' })).toEqual([]);
});

test('an event in a line says its plain values', () => {
  expect(
    inALine({ token: 3, outcome: 'failed', reason: 'checks are red', spentMs: 5, definition: {}, commit: null }),
  ).toBe('outcome failed, checks are red, spentMs 5');
});
