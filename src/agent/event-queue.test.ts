import { expect, test } from 'vitest';
import type { AgentEvent } from './agent.ts';
import { eventQueue, type EventQueue } from './event-queue.ts';

const message = (text: string): AgentEvent => ({ type: 'message', text });

function queueOf(bytesMax: number): { queue: EventQueue; rooms: () => number } {
  let count = 0;
  const queue = eventQueue({
    bytesMax,
    onRoom: () => {
      count += 1;
    },
  });
  return { queue, rooms: () => count };
}

test('I20 a queue tells when it is full, and when there is room again', async () => {
  const { queue, rooms } = queueOf(1_000);
  queue.push(message('a'.repeat(300)));
  expect(queue.isFull()).toBe(false);
  queue.push(message('b'.repeat(300)));
  expect(queue.isFull()).toBe(true);
  queue.close();
  const seen: string[] = [];
  for await (const event of queue.events) seen.push(event.type);
  expect(seen).toEqual(['message', 'message']);
  expect(queue.isFull()).toBe(false);
  expect(rooms()).toBeGreaterThan(0);
});

test('a reader waits for events and gets those pushed while it worked', async () => {
  const { queue } = queueOf(1_000);
  const seen: AgentEvent[] = [];
  const reading = (async () => {
    for await (const event of queue.events) {
      seen.push(event);
      if (seen.length === 1) queue.push(message('second'));
      if (seen.length === 2) queue.close();
    }
  })();
  await Promise.resolve();
  queue.push(message('first'));
  await reading;
  expect(seen).toEqual([message('first'), message('second')]);
});

test('I20 events for a reader that left are dropped', async () => {
  const { queue, rooms } = queueOf(10);
  queue.push(message('a'));
  for await (const event of queue.events) if (event.type === 'message') break;
  for (let count = 0; count < 100; count += 1) queue.push(message('b'));
  expect(queue.isFull()).toBe(false);
  expect(rooms()).toBeGreaterThan(0);
});
