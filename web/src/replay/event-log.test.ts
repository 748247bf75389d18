import { expect, test } from 'vitest';
import type { Event } from '../../../src/api/contract.ts';
import { EventLog } from './event-log.ts';

const event = (seq: number): Event => ({ seq }) as Event;
const upTo = (last: number): Event[] => Array.from({ length: last }, (_none, index) => event(index + 1));

function logOf(pages: { last: number; size: number }): { log: EventLog; asked: number[] } {
  const asked: number[] = [];
  const log = new EventLog(async (since) => {
    asked.push(since);
    return { events: upTo(pages.last).slice(since, since + pages.size), last: pages.last };
  });
  return { log, asked };
}

test('C3: the log is read to its end in pages', async () => {
  const { log, asked } = logOf({ last: 7, size: 3 });
  await log.load();
  expect(asked).toEqual([0, 3, 6]);
  expect(log.now()).toMatchObject({ last: 7, complete: true });
  expect(log.now().events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('what arrives continues it; what is there already, and what comes before the first reading, changes nothing', async () => {
  const server = { last: 2, size: 10 };
  const { log } = logOf(server);
  log.add([event(9)]);
  expect(log.now().events).toEqual([]);
  await log.load();
  log.add([event(2), event(3)]);
  expect(log.now().events).toHaveLength(3);
  const before = log.now();
  log.add([event(1)]);
  expect(log.now()).toBe(before);
});

test('a gap is read from the server', async () => {
  const server = { last: 2, size: 10 };
  const { log, asked } = logOf(server);
  await log.load();
  server.last = 6;
  log.add([event(6)]);
  await expect.poll(() => log.now().complete).toBe(true);
  expect(asked).toEqual([0, 2]);
  expect(log.now().events).toHaveLength(6);
});

test('a log that was empty grows by what arrives', async () => {
  const { log } = logOf({ last: 0, size: 10 });
  await log.load();
  expect(log.now()).toMatchObject({ last: 0, complete: true });
  log.add([event(1)]);
  expect(log.now().events).toHaveLength(1);
});

test('what arrives while pages are read is not left out', async () => {
  for (const before of [0, 2]) {
    const server = { last: before, size: 10 };
    let meanwhile = (): void => {};
    const log = new EventLog(async (since) => {
      const page = { events: upTo(server.last).slice(since), last: server.last };
      meanwhile();
      return page;
    });
    if (before > 0) await log.load();
    server.last = 4;
    meanwhile = () => {
      meanwhile = () => {};
      server.last = 6;
      log.add([event(6)]);
    };
    await log.load();
    expect(log.now().events).toHaveLength(6);
  }
});

test('a failure is told and tried again', async () => {
  let fails = true;
  const log = new EventLog(async () => {
    if (fails) throw new Error('no line');
    return { events: upTo(1), last: 1 };
  });
  await log.load();
  expect(log.now().error).toBeInstanceOf(Error);
  fails = false;
  await log.load();
  expect(log.now()).toMatchObject({ error: null, complete: true });
});
