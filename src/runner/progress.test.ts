import { expect, test } from 'vitest';
import { attemptWorld } from '../../test/support/attempt-world.ts';

test('D11 what an agent tells of its progress stands in its log and in its beat, once', async () => {
  const world = await attemptWorld({ steps: [{ do: 'say', text: 'up' }, { do: 'hang' }] });
  const { ports, key, token } = world;
  const running = world.run();
  await world.heard('output.log', 'up');
  const tell = async (doing: string, todo: { done: number; total: number; now: string } | null): Promise<unknown> =>
    ports.store.execute(
      key,
      { type: 'tell-progress', token, doing, todo },
      { actor: 'a-1', now: 1_000, durable: false },
    );
  await tell('reading the parser', { done: 1, total: 3, now: 'write the test' });
  await world.heard('output.log', '= says: reading the parser');
  await tell('writing the test', null);
  await world.heard('output.log', '= says: writing the test');
  world.release({ as: 'released', reason: 'enough' });
  const { attempt } = await running;
  expect(attempt.pulse).toMatchObject({
    doing: 'writing the test',
    todo: { done: 1, total: 3, now: 'write the test' },
  });
  expect(world.log('output.log').split('reading the parser')).toHaveLength(2);
});
