import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectSound } from '../../test/conformance/store-fixture.ts';
import { attemptWorld, type Steps, type World } from '../../test/support/attempt-world.ts';
import type { Attempt } from '../core/attempt.ts';
import type { Task } from '../core/task.ts';
import { isRejection } from '../core/rejection.ts';
import { runAttempt } from './attempt.ts';

const half: Steps = [
  { do: 'write', path: 'src/door.ts', text: 'frame\n' },
  { do: 'commit', message: 'Add the frame' },
  { do: 'write', path: 'src/door.ts', text: 'frame\nhinge\n' },
  { do: 'write', path: 'src/new.ts', text: 'fresh\n' },
];
const rest: Steps = [
  { do: 'commit', message: 'Add the rest' },
  { do: 'report', report: 'complete' },
];

function promptOf({ logs }: Attempt): string {
  return readFileSync(join(logs ?? '', 'prompt.md'), 'utf8');
}

/** Plays `steps` in one more attempt at the task. */
async function again(world: World, steps: Steps, agent = 'a-2'): Promise<{ attempt: Attempt; task: Task }> {
  const { store, limits } = world.ports;
  writeFileSync(world.script, JSON.stringify({ default: [steps] }));
  const nowhere = { shared: [], base: null, workspace: null, branch: null };
  const order = { agent, plan: null, task: world.key, byHand: false, leaseMs: limits.heartbeatTimeoutMs, ...nowhere };
  const claimed = await store.claim(order, 'coordinator', Date.now() + 1_000_000);
  if (isRejection(claimed)) throw new Error(claimed.message);
  await runAttempt(world.ports, claimed.token);
  const [attempt, record] = [await store.attempt(claimed.token), await store.task(world.key)];
  if (attempt === null || record === null) throw new Error('gone');
  return { attempt, task: record.task };
}

test('P6 P7 a quota wall parks the account, counts no attempt, and the next goes on from commits and dirty files', async () => {
  const wall = { do: 'error', class: 'quota', text: 'usage limit reached', retryAfterMs: 90_000 };
  const world = await attemptWorld({
    steps: [...half, { do: 'say', text: 'the hinge is in' }, wall, { do: 'hang' }],
    task: { scope: ['src/**'] },
  });
  const before = Date.now();
  const first = await world.run();
  expect(first.attempt).toMatchObject({
    outcome: 'handed-over',
    cause: 'quota',
    reason: 'the quota of account a is used up: usage limit reached',
    notes: expect.stringContaining('the hinge is in'),
  });
  expect(first.task).toMatchObject({
    attempts: 1,
    attemptsGranted: 1,
    walls: 1,
    failures: [],
    inbox: null,
    rung: 'first',
  });
  const [account] = await world.ports.store.accounts();
  expect(account).toMatchObject({ account: 'a', known: true, times: 1 });
  expect((account?.until ?? 0) - before).toBeGreaterThanOrEqual(90_000);
  const second = await again(world, rest);
  expect(second.attempt).toMatchObject({ outcome: 'done', start: first.attempt.commit });
  expect(second.attempt.base).toBe(first.attempt.base);
  expect(second.task.evidence).toMatchObject({ commits: 2, files: 2 });
  expect(world.made.git('show', `${second.task.evidence?.commit}:src/door.ts`)).toBe('frame\nhinge');
  expect(world.made.git('show', `${second.task.evidence?.commit}:src/new.ts`)).toBe('fresh');
  await expectSound(world.ports.store);
});

test('B5 a full context hands over; the prompt of the next has notes and reason, on a base that moved', async () => {
  const world = await attemptWorld({
    steps: [...half, { do: 'error', class: 'context', text: 'prompt is too long' }, { do: 'hang' }],
  });
  const first = await world.run();
  expect(first.attempt).toMatchObject({ outcome: 'handed-over', cause: 'context' });
  world.made.write({ 'other.txt': 'by another\n' });
  const moved = world.made.commit('By another');
  world.made.git('update-ref', 'refs/heads/orbit/001', moved);
  const second = await again(world, [{ do: 'run', command: ['git', 'status', '--porcelain'] }, ...rest]);
  expect(second.attempt).toMatchObject({ outcome: 'done', base: moved });
  expect(world.made.git('log', '--format=%s', '--no-merges', `${moved}..${second.attempt.commit}`)).toBe(
    'Add the rest\nAdd the frame',
  );
  const prompt = promptOf(second.attempt);
  expect(prompt).toContain('## Go on from here');
  expect(prompt).toContain('prompt is too long');
  expect(prompt).toContain('had not committed lie in your checkout');
  expect(prompt).not.toContain('This is not the first attempt');
});

test('P7 the work of a failed attempt is named, not carried over', async () => {
  const world = await attemptWorld({ steps: [...half, { do: 'report', report: 'failed', text: 'too hard' }] });
  const first = await world.run();
  expect(first.task).toMatchObject({ rung: 'fresh', failures: [{ rung: 'first', outcome: 'failed' }] });
  const second = await again(world, [{ do: 'report', report: 'failed', text: 'still too hard' }]);
  expect(second.attempt).toMatchObject({ rung: 'fresh', start: first.attempt.base, commit: null });
  const prompt = promptOf(second.attempt);
  expect(prompt).toContain('This is not the first attempt');
  expect(prompt).toContain('refs/orbit/attempts/T1/');
  expect(prompt).not.toContain('Go on from here');
  expect(second.task.rung).toBe('other');
});

test('P6 a question asked before the wall is answered by a person, not by waiting', async () => {
  const world = await attemptWorld({
    steps: [
      { do: 'report', report: 'question', text: 'which door?' },
      { do: 'error', class: 'quota', text: 'usage limit reached', retryAfterMs: 90_000 },
      { do: 'hang' },
    ],
  });
  const { task } = await world.run();
  expect(task.inbox).toMatchObject({ kind: 'question', reason: 'which door?' });
  expect(await world.ports.store.accounts()).toEqual([]);
});

test('P1 a person has the next attempt start from failed work, a snapshot as uncommitted files; what does not fit is named', async () => {
  const world = await attemptWorld({ steps: [...half, { do: 'report', report: 'failed', text: 'too hard' }] });
  const { store, workspaces } = world.ports;
  const first = await world.run();
  const kept = await workspaces.kept('T1');
  const snapshot = kept.find(({ kind }) => kind === 'salvage');
  const choose = async (): Promise<unknown> => {
    const { ref = '', commit = '', token = 0 } = snapshot ?? {};
    const start = { ref, commit, token };
    return store.execute(
      world.key,
      { type: 'start-from', start },
      { actor: 'person:ada', now: Date.now(), durable: true },
    );
  };
  await choose();
  const second = await again(world, [{ do: 'report', report: 'failed', text: 'harder' }]);
  expect(second.attempt.start).toBe(first.attempt.commit);
  expect(promptOf(second.attempt)).toContain('had not committed lie in your checkout');
  // It was used: the third begins at the base again.
  const third = await again(world, [{ do: 'report', report: 'failed', text: 'hardest' }]);
  expect(third.attempt.start).toBe(first.attempt.base);
  await choose();
  world.made.write({ 'src/door.ts': 'another door\n' });
  world.made.git('update-ref', 'refs/heads/orbit/001', world.made.commit('By another'));
  const fourth = await again(world, [{ do: 'report', report: 'failed', text: 'no' }]);
  expect(fourth.attempt.start).toBe(fourth.attempt.base);
  expect(promptOf(fourth.attempt)).toContain(snapshot?.ref);
  await expectSound(store);
});
