import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attemptWorld, type Steps, type World } from '../../test/support/attempt-world.ts';
import type { AgentAdapter, AgentEvent, AgentOrder } from '../agent/agent.ts';
import type { Attempt } from '../core/attempt.ts';
import { isRejection } from '../core/rejection.ts';
import { runAttempt } from './attempt.ts';

const wall = { do: 'error', class: 'quota', text: 'limit', retryAfterMs: 1_000 };
const begun: Steps = [{ do: 'usage', tokens: 10 }, { do: 'write', path: 'a.txt', text: 'a\n' }, { do: 'commit' }];

/** A world whose agent has a home of its own and can go on with a session; answers the orders that it was started with. */
async function resumingWorld(steps: Steps, id?: string): Promise<{ world: World; orders: AgentOrder[] }> {
  const world = await attemptWorld({ steps });
  const orders: AgentOrder[] = [];
  const plain = { ...world.ports };
  world.ports.adapter = async (name): Promise<AgentAdapter> => {
    const real = await plain.adapter(name);
    return {
      ...real,
      isolated: true,
      capabilities: (settings) => ({ ...real.capabilities(settings), resume: true }),
      start: async (order) => {
        orders.push(order);
        if (order.resume === null) writeFileSync(join(order.directories.home, 'session'), 'what it knows');
        const session = await real.start(order);
        return id === undefined ? session : { ...session, events: renamed(session.events, id) };
      },
    };
  };
  return { world, orders };
}

/** The same stream from a program that calls its session `id`. */
async function* renamed(events: AsyncIterable<AgentEvent>, id: string): AsyncGenerator<AgentEvent> {
  for await (const event of events) yield event.type === 'session' ? { ...event, id } : event;
}

async function again(world: World, agent = 'a-2'): Promise<Attempt> {
  const { store } = world.ports;
  writeFileSync(world.script, JSON.stringify({ default: [[{ do: 'report', report: 'complete' }]] }));
  const nowhere = { shared: [], base: null, workspace: null, branch: null };
  const order = { agent, plan: null, task: world.key, byHand: false, leaseMs: 30_000, ...nowhere };
  const claimed = await store.claim(order, 'coordinator', Date.now() + 1_000_000);
  if (isRejection(claimed)) throw new Error(claimed.message);
  await runAttempt(world.ports, claimed.token);
  const attempt = await store.attempt(claimed.token);
  if (attempt === null) throw new Error('gone');
  return attempt;
}

test('P6 after a quota wall the same agent goes on in its session, with its home, and is told what is different', async () => {
  const { world, orders } = await resumingWorld([...begun, wall, { do: 'hang' }]);
  const first = (await world.run()).attempt;
  expect(existsSync(orders[0]?.directories.home ?? '')).toBe(true);
  const second = await again(world);
  expect(second.outcome).toBe('done');
  const [old, own] = orders;
  expect(own?.resume).toBe(first.pulse.session);
  expect(own?.prompt).toContain('You go on with T1');
  expect(own?.prompt).toContain(own?.workspace);
  expect(own?.prompt).not.toContain('How to report');
  expect(readFileSync(own?.promptFile ?? '', 'utf8')).toContain('How to report');
  expect([existsSync(old?.directories.home ?? ''), existsSync(own?.directories.home ?? '')]).toEqual([false, false]);
});

test('B5 a full context and a failure begin a new session, and leave no home behind', async () => {
  for (const end of [
    { do: 'error', class: 'context', text: 'too long' },
    { do: 'report', report: 'failed', text: 'no' },
  ]) {
    const { world, orders } = await resumingWorld([...begun, end, { do: 'hang' }]);
    await world.run();
    expect(existsSync(orders[0]?.directories.home ?? '')).toBe(false);
    await again(world);
    expect(orders[1]?.resume).toBe(null);
  }
});

test('P6 a session whose files are gone is not asked for', async () => {
  const { world, orders } = await resumingWorld([...begun, wall, { do: 'hang' }]);
  await world.run();
  world.ports.paths = { ...world.ports.paths, orbit: join(world.ports.paths.orbit, 'elsewhere') };
  expect((await again(world)).outcome).toBe('done');
  expect(orders[1]?.resume).toBe(null);
  expect(orders[1]?.prompt).toContain('Go on from here');
});

test('P6 a session whose model never answered is not gone on with: it may not hold the task', async () => {
  const { world, orders } = await resumingWorld([wall, { do: 'hang' }]);
  await world.run();
  await again(world);
  expect(orders[1]?.resume).toBe(null);
  expect(orders[1]?.prompt).toContain('How to report');
});

test.each(['--dangerously-skip', '../other', 'a?b=c', 'a b', ''])(
  'I17 a session that calls itself %j is not gone on with',
  async (id) => {
    const { world, orders } = await resumingWorld([...begun, wall, { do: 'hang' }], id);
    const first = (await world.run()).attempt;
    expect(first.pulse.session).toBe(id);
    await again(world);
    expect(orders[1]?.resume).toBe(null);
  },
);
