/** Any sequence of commands gives the same answers and the same rows in memory and in SQLite, and leaves both sound. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, nat, oneof, record, type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskCommand } from '../../src/core/command.ts';
import type { TaskKey } from '../../src/core/id.ts';
import { openMemoryStore } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { actor, asking, draftTask, evidenceOf, expectSound, leaseMs, load, rule, start } from './store-fixture.ts';

type Step = (store: Store, now: number) => Promise<unknown>;

const agents = ['claude-1', 'claude-2', 'codex-1'];
const keys: TaskKey[] = ['001/A', '001/B', '001/C', '001/D', '002/A', '002/E'];
const globs = ['src/**', 'src/a/*.ts', 'docs/**', 'lock'];

const key = constantFrom(...keys);
const token = nat(6).map((value) => value + 1);

const claims: Arbitrary<Step> = record({
  agent: constantFrom(...agents),
  task: oneof(key, constantFrom(null)),
  plan: constantFrom(null, '001'),
}).map(
  ({ agent, task, plan }) =>
    (store, now) =>
      store.claim(asking(agent, { task, plan, shared: ['lock'] }), agent, now),
);

/** Commands with whatever token: most are by the holder, some come late. */
const commands: Arbitrary<(token: number) => TaskCommand> = constantFrom<(token: number) => TaskCommand>(
  (by) => ({ type: 'prove', token: by, evidence: evidenceOf(by) }),
  (by) => ({ type: 'prove', token: by, evidence: evidenceOf(by, { commit: null, noChanges: 'nothing to do' }) }),
  (by) => ({ type: 'fail', token: by, outcome: 'failed', reason: 'red', commit: null, rule }),
  (by) => ({ type: 'expire', token: by, runnerGone: by % 2 === 0, reason: 'silent', rule }),
  (by) => ({ type: 'release', token: by, reason: 'shutdown', commit: null }),
  (by) => ({ type: 'block', token: by, kind: 'question', reason: 'which?' }),
  (by) => ({ type: 'prepare', token: by, branch: 'b', workspace: 'w', base: 'x', logs: 'l' }),
  (by) => ({ type: 'report', token: by, commit: 'c'.repeat(40), noChanges: null }),
  () => ({ type: 'escalate', kind: 'stuck', reason: 'stuck' }),
  () => ({ type: 'retry', advice: 'again', attemptsGranted: 1 }),
  () => ({ type: 'hold', why: 'wait' }),
  () => ({ type: 'unhold' }),
  () => ({ type: 'close', as: 'cancelled', why: 'no' }),
  () => ({ type: 'close', as: 'completed', why: 'by hand' }),
  () => ({ type: 'reopen', why: 'wrong' }),
  () => ({ type: 'queue-landing' }),
  (by) => ({
    type: 'land',
    commit: evidenceOf(by).commit ?? '',
    landedAs: 'd'.repeat(40),
    tree: 'e'.repeat(40),
    target: 't',
  }),
  (by) => ({ type: 'bounce', commit: evidenceOf(by).commit ?? '', cause: 'red', reason: 'tests', rule }),
  () => ({ type: 'set-pr', number: 7, status: 'merged' }),
  () => ({ type: 'set-pr', number: 7, status: 'approved' }),
  () => ({ type: 'drop-pr' }),
);

/** Half of the commands name the token that the task has now. */
const executions: Arbitrary<Step> = record({
  key,
  command: commands,
  token,
  isHolder: constantFrom(true, true, false),
}).map(({ key: of, command, token: any, isHolder }) => async (store, now) => {
  const task = (await store.task(of))?.task;
  const held = task?.claim?.token ?? task?.evidence?.token;
  return store.execute(of, command(isHolder ? (held ?? any) : any), { actor, now, durable: false });
});

const changes: Arbitrary<Step> = record({
  key,
  needs: array(key, { maxLength: 2 }),
  scope: array(constantFrom(...globs), { maxLength: 2 }),
  agent: constantFrom(null, 'claude', 'codex-1'),
  type: constantFrom('create', 'change', 'change'),
}).map(({ key: of, needs: dependencies, scope, agent, type }) => (store, now) => {
  const { ticked: _, line: __, ...definition } = draftTask(of.slice(4), { scope, agent });
  const command: TaskCommand = { type, definition: { ...definition, dependencies } };
  return store.execute(of, command, { actor, now, durable: false });
});

const plans: Arbitrary<Step> = record({
  plan: constantFrom('001', '002'),
  unblock: constantFrom<'done' | 'landed'>('done', 'landed'),
  tasks: array(
    record({
      id: constantFrom('A', 'B', 'C', 'D', 'E'),
      needs: array(constantFrom('A', 'B', '001/A', '002/E'), { maxLength: 2 }),
      ticked: constantFrom(false, false, true),
    }),
    { maxLength: 4 },
  ),
}).map(({ plan, unblock, tasks }) => async (store, now) => {
  const drafts = tasks.map(({ id, needs, ticked }) => draftTask(id, { dependencies: needs, ticked }));
  return load(store, drafts, { plan, unblock, now }).catch((error: unknown) => String(error));
});

const others: Arbitrary<Step> = oneof(
  record({ by: token, ms: nat(2 * leaseMs) }).map(
    ({ by, ms }): Step =>
      (store, now) =>
        store.beat(by, {
          at: now,
          expiresAt: now + ms,
          step: 1,
          activeAt: now,
          doing: '',
          runner: null,
          agent: null,
          tokens: 0,
          costUsd: 0,
          contextUsed: null,
          contextSize: null,
          todo: null,
          session: null,
          model: null,
        }),
  ),
  record({ plan: constantFrom('001', '002'), paused: constantFrom(true, false, false) }).map(
    ({ plan, paused }): Step =>
      (store, now) =>
        store.pausePlan(plan, { paused: paused, what: 'work', why: 'why' }, actor, now),
  ),
  record({ key, score: nat(5) }).map(
    ({ key: of, score }): Step =>
      (store) =>
        store.setScores(of.slice(0, 3), new Map([[of, score]])),
  ),
  constantFrom<Step>(
    (store, now) => store.ready({ limit: 3, mayTake: 'claude-1' }, now),
    (store, now) => store.ready({ limit: 9 }, now),
  ),
);

const steps = array(
  oneof({ arbitrary: claims, weight: 3 }, { arbitrary: executions, weight: 6 }, changes, plans, others),
  { minLength: 5, maxLength: 40 },
);

test('A8 I1 I2 I6 any sequence of commands gives the same in memory and in SQLite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-agreement-'));
  let runs = 0;
  try {
    await assert(
      asyncProperty(steps, array(nat(20_000), { minLength: 40, maxLength: 40 }), async (sequence, pauses) => {
        runs += 1;
        await using memory = openMemoryStore();
        await using sqlite = await openSqliteStore({ path: join(directory, `${runs}.db`), busyMs: 10_000 });
        const first = [
          draftTask('A', { scope: ['src/**'] }),
          draftTask('B', { dependencies: ['A'] }),
          draftTask('C', { agent: 'claude' }),
        ];
        for (const store of [memory, sqlite]) await load(store, first);
        let now = start;
        for (const [index, step] of sequence.entries()) {
          now += pauses[index] ?? 0;
          const answer = await step(memory, now);
          expect(await step(sqlite, now)).toEqual(answer);
        }
        expect(await sqlite.tasks({}, now)).toEqual(await memory.tasks({}, now));
        expect(await sqlite.events({ since: 0 })).toEqual(await memory.events({ since: 0 }));
        expect(await sqlite.attempts({})).toEqual(await memory.attempts({}));
        for (const store of [memory, sqlite]) await expectSound(store);
      }),
      { numRuns: 100 },
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
