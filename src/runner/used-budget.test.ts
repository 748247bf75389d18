/** Money that a task and the parts it was split into share, with real processes that spend it. */
import { expect, test } from 'vitest';
import { attemptWorld } from '../../test/support/attempt-world.ts';
import { taskWith } from '../../test/support/core-samples.ts';
import { isRejection } from '../core/rejection.ts';
import { definitionOf } from '../core/task.ts';
import { runAttempt } from './attempt.ts';

test('P7 I11 a part begins nothing when the whole and its parts have spent their money, but for a person’s wish', async () => {
  const world = await attemptWorld({
    steps: [{ do: 'usage', tokens: 9, costUsd: 10 }, { do: 'hang' }],
    settings: { budget: { attempts: 4, costUsd: 5, minutes: 60, turns: null } },
  });
  const { ports, token } = world;
  const { store } = ports;
  const key = '001/P1';
  const context = { actor: 'agent:a-1', now: ports.clock.now(), durable: false };
  const origin = { task: world.key, token, depth: 1, isPart: true };
  await store.execute(key, { type: 'create', definition: definitionOf(taskWith({ id: 'P1' })), origin }, context);
  await world.run();
  const attempt = async (): Promise<{ step: number; reason: string | null }> => {
    const order = { agent: 'a-1', plan: null, task: key, byHand: false, leaseMs: 60_000, shared: [] } as const;
    const claimed = await store.claim({ ...order, base: null, workspace: null, branch: null }, 'me', ports.clock.now());
    if (isRejection(claimed)) throw new Error(claimed.message);
    await runAttempt(ports, claimed.token);
    const step = (await store.attempt(claimed.token))?.pulse.step ?? 0;
    return { step, reason: (await store.task(key))?.task.inbox?.reason ?? null };
  };
  const first = await attempt();
  expect(first).toEqual({
    step: 0,
    reason: expect.stringContaining('$10.00 of $10.00 are spent by a task and the parts'),
  });
  await store.execute(key, { type: 'retry', advice: null, attemptsGranted: 1 }, { ...context, actor: 'cli:ann' });
  expect((await attempt()).step).toBeGreaterThan(0);
});
