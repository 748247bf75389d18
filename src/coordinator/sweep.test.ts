import { expect, test } from 'vitest';
import { attemptWorld } from '../../test/support/attempt-world.ts';
import type { Pulse } from '../core/attempt.ts';
import { isRejection } from '../core/rejection.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { newCoordinatorState } from './state.ts';
import { sweepLeftovers } from './sweep.ts';

test('P6 I15 the home of a session stays until the next attempt has started its agent', async () => {
  const wall = { do: 'error', class: 'quota', text: 'limit', retryAfterMs: 1_000 };
  const world = await attemptWorld({
    steps: [
      { do: 'usage', tokens: 10 },
      { do: 'write', path: 'a.txt', text: 'a\n' },
      { do: 'commit' },
      wall,
      { do: 'hang' },
    ],
  });
  const { attempt } = await world.run();
  const { store, clock, limits, workspaces } = world.ports;
  const isOver = async (): Promise<boolean> => {
    let over = false;
    const runners = {
      look: async () => 'gone',
      sweep: async (ask: (token: number) => Promise<boolean>) => {
        over = await ask(attempt.token);
      },
    };
    const ports = { store, clock, workspaces, runners, log: () => undefined } as unknown as CoordinatorPorts;
    await sweepLeftovers(ports, { limits } as CoordinatorSettings, newCoordinatorState());
    return over;
  };
  expect(await isOver()).toBe(false);
  const nowhere = { shared: [], base: null, workspace: null, branch: null };
  const order = { agent: 'a-2', plan: null, task: world.key, byHand: false, leaseMs: 30_000, ...nowhere };
  const later = Date.now() + 1_000_000;
  const claimed = await store.claim(order, 'coordinator', later);
  if (isRejection(claimed)) throw new Error(claimed.message);
  expect(await isOver()).toBe(false);
  const pulse: Pulse = { ...attempt.pulse, at: later, expiresAt: later + 30_000 };
  await store.beat(claimed.token, { ...pulse, agent: null });
  expect(await isOver()).toBe(false);
  await store.beat(claimed.token, { ...pulse, agent: world.ports.identity });
  expect(await isOver()).toBe(true);
});
