import { expect, test } from 'vitest';
import type { Agent, Event } from '../../../src/api/contract.ts';
import { collect, pace } from './batch.ts';
import { mergePulse } from './pulse.ts';
import { readSse } from './sse.ts';
import { touchedBy } from './touched.ts';

const event = (type: string, task: string | null = 'T001'): Event => ({
  seq: 1,
  at: '2026-01-01T00:00:00Z',
  actor: 'coordinator',
  type,
  task,
  plan: '001',
  attempt: null,
  actorSeq: 1,
  data: {},
});

/** Timers that go off when told. */
function handTimers(): { later: (run: () => void) => void; ring: () => void } {
  let due: (() => void)[] = [];
  return {
    later: (run) => void due.push(run),
    ring: () => {
      const now = due;
      due = [];
      for (const run of now) run();
    },
  };
}

test('what comes in a burst is handed out together, in order', () => {
  const { later, ring } = handTimers();
  const taken: number[][] = [];
  const batch = collect<number>((items) => taken.push(items), 75, later);
  batch.add([1, 2]);
  batch.add([]);
  batch.add([3]);
  expect(taken).toEqual([]);
  ring();
  ring();
  batch.add([4]);
  ring();
  expect(taken).toEqual([[1, 2, 3], [4]]);
});

test('work that is asked for while it is done is done once more, not once for each time', async () => {
  const { later, ring } = handTimers();
  const done: string[] = [];
  const again = pace(
    (key) => Promise.resolve(done.push(key)),
    () => 0,
    later,
  );
  for (let times = 0; times < 5; times += 1) again('tasks');
  again('queue');
  expect(done).toEqual(['tasks', 'queue']);
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  ring();
  expect(done).toEqual(['tasks', 'queue', 'tasks']);
});

test('a stream is read whatever the pieces are, and comments give nothing', () => {
  const read = readSse();
  const text = ': beat\n\nid: 7\r\nevent: log\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: reset\n\n';
  const messages = text.split('').flatMap((letter) => read(letter));
  expect(messages).toEqual([
    { event: 'log', id: '7', data: '{"a":\n1}' },
    { event: 'reset', id: '', data: '' },
  ]);
});

test('an event makes old what it can change, each once', () => {
  const touched = touchedBy([event('task-claimed'), event('task-claimed'), event('finding-noted', null)]);
  expect(touched).toContainEqual(['tasks']);
  expect(touched).toContainEqual(['task', '001', 'T001']);
  expect(touched).toContainEqual(['findings']);
  expect(touched).not.toContainEqual(['messages']);
  expect(new Set(touched.map((key) => JSON.stringify(key))).size).toBe(touched.length);
});

test('a pulse tells how agents look; what it does not tell stays, and who is not in it is gone', () => {
  const agent = (token: number, title: string): Agent => ({ token, title, step: 1, memoryMb: 80 }) as Agent;
  const known = [agent(1, 'One'), agent(2, 'Two')];
  expect(mergePulse(known, [{ token: 2, step: 5 }])).toEqual([{ token: 2, title: 'Two', step: 5, memoryMb: 80 }]);
  expect(mergePulse(known, [{ token: 3, step: 1 }])).toBeUndefined();
});
