import { expect, test } from 'vitest';
import { attemptWorld, type World } from '../../test/support/attempt-world.ts';
import { lookoutName } from '../core/conflict.ts';
import type { Message } from '../store/store.ts';

const finish = [{ do: 'write', path: 'a', text: 'a' }, { do: 'commit' }, { do: 'report', report: 'complete' }];

const send = async ({ ports, key }: World, id: string, more: Partial<Message>): Promise<void> => {
  const message = { id, from: lookoutName, to: 'a-1', task: key, text: `about ${id}`, at: Date.now(), ...more };
  await ports.store.send(message);
};

test('D5 I12 a conflict is said to the running agent once and acknowledged; old and foreign messages are not', async () => {
  const world = await attemptWorld({
    steps: [{ do: 'say', text: 'working' }, { do: 'wait-for-hint', contains: 'about two' }, ...finish],
  });
  await send(world, 'stale', { at: 1 });
  await send(world, 'other-task', { task: '001/T9' });
  await send(world, 'by-an-agent', { from: 'a-2' });
  const running = world.run();
  await world.heard('output.log', 'working');
  await send(world, 'one', {});
  await send(world, 'two', {});
  const { task } = await running;
  expect(task.evidence).not.toBeNull();
  const events = await world.ports.store.events({ since: 0, task: world.key });
  const hints = events.flatMap(({ body }) => (body.type === 'agent-hinted' ? [body] : []));
  expect(hints).toMatchObject([
    { by: 'look-out', rule: 'conflict', text: 'about one', delivery: 'now' },
    { by: 'look-out', rule: 'conflict', text: 'about two', delivery: 'now' },
  ]);
  const waiting = await world.ports.store.messages({ to: 'a-1' });
  expect(waiting.map(({ id }) => id)).toEqual(['stale', 'other-task', 'by-an-agent']);
});

test('D5 for an agent that cannot be spoken to the message stays, to be read', async () => {
  const world = await attemptWorld({ agent: 'text', steps: finish });
  await send(world, 'one', { at: Date.now() + 60_000 });
  await world.run();
  expect(await world.ports.store.messages({ to: 'a-1' })).toMatchObject([{ id: 'one', acknowledgedAt: null }]);
});
