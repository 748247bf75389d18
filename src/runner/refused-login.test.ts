/** A login that is refused while an agent is at work, with real processes that say so. */
import { expect, test } from 'vitest';
import { attemptWorld, type Steps, type World } from '../../test/support/attempt-world.ts';
import type { Attempt } from '../core/attempt.ts';
import type { TaskKey } from '../core/id.ts';
import { isRejection } from '../core/rejection.ts';
import type { Task } from '../core/task.ts';
import type { Store } from '../store/store.ts';
import { runAttempt } from './attempt.ts';

const refused = { do: 'error', class: 'login', text: '401 invalid key', critical: true };
const answered = { do: 'usage', tokens: 1_200, costUsd: 0.25 };
const work: Steps = [
  { do: 'write', path: 'src/door.ts', text: 'open\n' },
  { do: 'commit', message: 'Add the door' },
];
const scripted = { adapter: 'scripted', slots: 1 };

async function claim(store: Store, key: TaskKey, now: number): Promise<number> {
  const order = { agent: 'a-1', plan: null, task: key, byHand: false, leaseMs: 60_000 };
  const nowhere = { shared: [], base: null, workspace: null, branch: null };
  const claimed = await store.claim({ ...order, ...nowhere }, 'coordinator', now);
  if (isRejection(claimed)) throw new Error(claimed.message);
  return claimed.token;
}

/** Claims the task once more and runs that attempt. */
async function again({ ports, key }: World): Promise<{ attempt: Attempt; task: Task }> {
  const { store } = ports;
  const token = await claim(store, key, ports.clock.now());
  await runAttempt(ports, token);
  return { attempt: (await store.attempt(token)) as Attempt, task: (await store.task(key))?.task as Task };
}

test('C8 P6 a login that is refused before the model answered bars the agent and costs no attempt', async () => {
  const world = await attemptWorld({ steps: [refused, { do: 'hang' }] });
  const { attempt, task } = await world.run();
  expect(attempt).toMatchObject({
    outcome: 'handed-over',
    cause: 'login',
    reason: 'the login of agent a was refused: 401 invalid key',
  });
  expect(task).toMatchObject({ failures: [], retryAt: null, inbox: null });
  expect(task.attempts - task.attemptsGranted).toBe(0);
  const [check] = await world.ports.store.agentChecks();
  expect(check).toMatchObject({ agent: 'a', adapter: 'scripted', passed: false, login: false });
  expect(check?.reason).toMatch(
    /^not logged in: 401 invalid key \(attempt \d+ of 001\/T1\)\. Log its program in .*orbit/,
  );
});

test('C8 P6 one that is refused in the middle of work is tried once more, with the login as it is by then', async () => {
  const world = await attemptWorld({ steps: [...work, answered, refused, { do: 'hang' }] });
  const first = await world.run();
  expect(first.attempt).toMatchObject({ outcome: 'handed-over', cause: 'login' });
  expect(await world.ports.store.agentChecks()).toEqual([]);
  const second = await again(world);
  expect(second.attempt).toMatchObject({ outcome: 'handed-over', cause: 'login', start: first.attempt.commit });
  expect(await world.ports.store.agentChecks()).toMatchObject([{ agent: 'a', login: false }]);
  expect(second.task.attempts - second.task.attemptsGranted).toBe(0);
});

test('C8 P6 a login that held for long is looked at again each time it ends', async () => {
  const world = await attemptWorld({
    steps: [...work, answered, refused, { do: 'hang' }],
    limits: { loginHoldsMs: 0 },
  });
  await world.run();
  const second = await again(world);
  expect(second.attempt).toMatchObject({ outcome: 'handed-over', cause: 'login' });
  expect(await world.ports.store.agentChecks()).toEqual([]);
});

test('C8 agents of one account are barred together, another adapter with its name is not', async () => {
  const settings = {
    agents: {
      b: { ...scripted, account: 'work' },
      other: { adapter: 'command', slots: 1, command: ['true'], account: 'work' },
      c: { ...scripted, account: 'mine' },
    },
  };
  const world = await attemptWorld({ steps: [refused, { do: 'hang' }] });
  const { agents } = world.ports.settings;
  const a = { ...scripted, ...agents['a'], account: 'work' };
  world.ports.settings = { ...world.ports.settings, agents: { ...settings.agents, a } };
  await world.run();
  const names = (await world.ports.store.agentChecks()).map(({ agent }) => agent);
  expect(names.toSorted()).toEqual(['a', 'b']);
});

test('C8 a check that passed after the attempt began is newer than its refusal', async () => {
  const world = await attemptWorld({ steps: [refused, { do: 'hang' }] });
  await world.run();
  const [check] = await world.ports.store.agentChecks();
  if (check === undefined) throw new Error('no check was kept');
  await world.ports.store.saveAgentCheck({ ...check, passed: true, login: true, at: check.at + 3_600_000 });
  await again(world);
  expect(await world.ports.store.agentChecks()).toMatchObject([{ passed: true }]);
});

test('C8 where checks bar nobody a refused login is a failure', async () => {
  const world = await attemptWorld({ steps: [refused, { do: 'hang' }] });
  const { agents } = world.ports.settings;
  const a = { ...scripted, ...agents['a'], check: 'never' as const };
  world.ports.settings = { ...world.ports.settings, agents: { a } };
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^critical error: 401 invalid key\. .*orbit agents check/),
  });
  expect(await world.ports.store.agentChecks()).toEqual([]);
});

test('C8 a model that the service does not have is no refused login', async () => {
  const world = await attemptWorld({ steps: [{ ...refused, text: '404 model not found: opus-9' }, { do: 'hang' }] });
  expect((await world.run()).attempt.outcome).toBe('failed');
  expect(await world.ports.store.agentChecks()).toEqual([]);
});

test('I11 a task that meets refused logins for ever ends in the inbox', async () => {
  const { ports, key, token } = await attemptWorld({ steps: [] });
  const end = {
    type: 'hand-over',
    cause: 'login',
    reason: 'the login was refused',
    notes: null,
    commit: null,
  } as const;
  for (let holder = token, count = 1; ; count += 1) {
    const now = ports.clock.now();
    const ended = await ports.store.execute(key, { ...end, token: holder }, { actor: 'a-1', now, durable: false });
    if (isRejection(ended)) throw new Error(ended.message);
    const { inbox } = ended.record.task;
    expect(inbox?.kind ?? null).toBe(count < 20 ? null : 'attempts-used');
    if (inbox !== null) break;
    holder = await claim(ports.store, key, now);
  }
});

test('B4 a login refused after the report says nothing about the work', async () => {
  const world = await attemptWorld({ steps: [...work, { do: 'report', report: 'complete' }, refused] });
  expect((await world.run()).attempt.outcome).toBe('done');
});
