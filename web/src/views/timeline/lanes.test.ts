import { expect, test } from 'vitest';
import type { Event, Task } from '../../../../src/api/contract.ts';
import { lanesOf, type TimedTask } from './lanes.ts';
import { personWaits } from './person-waits.ts';

const minute = 60_000;
const iso = (minutes: number): string => new Date(minutes * minute).toISOString();

function timed(task: string, fields: Partial<TimedTask> = {}): TimedTask {
  return { task, title: task, onChain: false, doneAt: null, landedAt: null, attempts: [], ...fields };
}

function attempt(token: number, agent: string, [from, to]: [number, number]): TimedTask['attempts'][number] {
  return { token, agent, from: iso(from), to: iso(to), outcome: 'done' };
}

const first = timed('A', { doneAt: iso(10), landedAt: iso(14), attempts: [attempt(1, 'one', [0, 10])] });
const second = timed('B', {
  doneAt: iso(40),
  attempts: [{ ...attempt(2, 'two', [12, 20]), outcome: 'failed' }, attempt(3, 'one', [30, 40])],
});
const tasks = [
  { id: 'A', plan: '001', dependencies: [] },
  { id: 'B', plan: '001', dependencies: ['A'] },
] as unknown as Task[];
const look = { plan: '001', now: 50 * minute, tasks, persons: new Map() };

test('a lane per agent in the order of first bars, a bar per attempt', () => {
  const lanes = lanesOf([second, first], look);
  expect(lanes.map(({ agent, rows }) => [agent, rows.map(({ bars }) => bars.map(({ token }) => token))])).toEqual([
    ['one', [[1, 3]]],
    ['two', [[2]]],
  ]);
});

test('waits: queued since what it needs was proven, then for another attempt, then for its landing until now', () => {
  const waits = lanesOf([first, second], look).flatMap(({ rows }) => rows.flatMap((row) => row.waits));
  expect(waits.map(({ task, kind, from, to }) => [task, kind, from / minute, to / minute])).toEqual([
    ['A', 'landing', 10, 14],
    ['B', 'retry', 20, 30],
    ['B', 'landing', 40, 50],
    ['B', 'queued', 10, 12],
  ]);
});

test('a wait for a person is cut out of the wait around it', () => {
  const persons = new Map([['B', [{ from: 22 * minute, to: 28 * minute }]]]);
  const waits = lanesOf([first, second], { ...look, persons }).flatMap(({ rows }) => rows.flatMap((row) => row.waits));
  const own = waits.filter(({ task, kind }) => task === 'B' && (kind === 'retry' || kind === 'person'));
  expect(own.map(({ kind, from, to }) => [kind, from / minute, to / minute])).toEqual([
    ['retry', 20, 22],
    ['person', 22, 28],
    ['retry', 28, 30],
  ]);
});

test('an agent with several slots gets a row for each, and what runs lasts until now', () => {
  const busy = [
    timed('A', { attempts: [attempt(1, 'one', [0, 10])] }),
    timed('B', { attempts: [{ ...attempt(2, 'one', [5, 6]), outcome: null }] }),
  ];
  const [lane] = lanesOf(busy, look);
  expect(lane?.rows).toHaveLength(2);
  expect(lane?.rows[1]?.bars[0]?.to).toBe(50 * minute);
});

test('waits for a person are read off the log; one without an answer goes on', () => {
  const event = (minutes: number, type: string, task = 'B'): Event =>
    ({ at: iso(minutes), type, task, plan: '001' }) as Event;
  const events = [
    event(1, 'task-escalated'),
    event(3, 'task-retried'),
    event(4, 'task-landed'),
    event(5, 'task-escalated', 'C'),
  ];
  expect(personWaits(events, '001', 9 * minute)).toEqual(
    new Map([
      ['B', [{ from: minute, to: 3 * minute }]],
      ['C', [{ from: 5 * minute, to: 9 * minute }]],
    ]),
  );
});
