/** Cases of the store suite about tasks that attempts make, and the one budget of a task and its parts. */
import { expect } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { taskKey, type TaskKey } from '../../src/core/id.ts';
import { definitionOf, type Origin, type Task } from '../../src/core/task.ts';
import type { Executed, Store } from '../../src/store/store.ts';
import type { Rejection } from '../../src/core/rejection.ts';
import { taskWith } from '../support/core-samples.ts';
import { accepted, at, claimed, codeOf, draftTask, load, rule, type StoreCase } from './store-fixture.ts';

async function make(store: Store, id: string, origin: Origin): Promise<Executed | Rejection> {
  const definition = { ...definitionOf(taskWith({ id })), id };
  return store.execute(taskKey('001', id), { type: 'create', definition, origin }, at(0));
}

interface FailOrder {
  ms: number;
  spentMs?: number;
  attemptsMax?: number;
  /** What the attempt does before. */
  before?: (token: number) => Promise<void>;
}

/** Claims and fails it, each time later than the one before had to wait; the task as it is then. */
async function fail(store: Store, key: TaskKey, order: FailOrder): Promise<Task> {
  const { ms, spentMs = 0, attemptsMax = rule.attemptsMax, before } = order;
  const { token } = await claimed(store, 'claude-1', { task: key, ms });
  await before?.(token);
  const end = { type: 'fail', token, outcome: 'failed', reason: 'red', commit: null } as const;
  return accepted(await store.execute(key, { ...end, rule: { ...rule, attemptsMax } }, at(ms + spentMs))).record.task;
}

/** Makes parts of it as its attempt. */
function splitting(store: Store, task: TaskKey, ids: readonly string[]): (token: number) => Promise<void> {
  return async (token) => {
    const depth = ((await store.task(task))?.task.origin?.depth ?? 0) + 1;
    for (const id of ids) accepted(await make(store, id, { task, token, depth, isPart: true }));
  };
}

const later = 1_000_000;

export const splitCases: Record<string, StoreCase> = {
  'I11 attempts at one task make so many tasks and no more, whoever asks at once': async ({ store, other }) => {
    await load(store, [draftTask('T1')]);
    const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
    const answers = await Promise.all(
      Array.from({ length: limits.madeTasksMax + 4 }, async (_, index) =>
        make(index % 2 === 0 ? store : other, `M${index}`, { task: '001/T1', token, depth: 1 }),
      ),
    );
    const refused = answers.map(codeOf).filter((code) => code !== 'accepted');
    expect(refused).toEqual(Array.from({ length: 4 }, () => 'too-many-tasks'));
    const { token: next } = await claimed(store, 'claude-2', { task: '001/M0' });
    expect(codeOf(await make(store, 'X1', { task: '001/M0', token: next, depth: 2 }))).toBe('accepted');
  },

  'I2 P3 an attempt that lost its claim makes no task': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
    accepted(await store.execute('001/T1', { type: 'release', token, reason: 'stop', commit: null }, at(1)));
    expect(codeOf(await make(store, 'M1', { task: '001/T1', token, depth: 1 }))).toBe('lease-lost');
    await claimed(store, 'claude-2', { task: '001/T1', ms: 2 });
    expect(codeOf(await make(store, 'M1', { task: '001/T1', token, depth: 1 }))).toBe('lease-lost');
    expect(await store.task('001/M1')).toBe(null);
  },

  'I11 P7 a task and its parts share one budget of failures, of whatever depth they are': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const attemptsMax = 4;
    await fail(store, '001/T1', { ms: 0, attemptsMax, before: splitting(store, '001/T1', ['P1', 'P2', 'P3']) });
    await fail(store, '001/P1', { ms: later, attemptsMax, before: splitting(store, '001/P1', ['Q1']) });
    // Eight in all, of which the whole had one: each part has some of its own left when they are used.
    for (const [index, key] of (['001/P2', '001/P3', '001/Q1', '001/P1', '001/P2'] as const).entries())
      expect((await fail(store, key, { ms: later * (index + 2), attemptsMax })).inbox).toBe(null);
    const last = await fail(store, '001/P3', { ms: later * 9, attemptsMax });
    expect(last.inbox).toMatchObject({ kind: 'attempts-used' });
    expect(last.inbox?.reason).toContain('the 8 failures allowed for 001/T1 and the 4 tasks');
  },

  'I11 P7 and one budget of time': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const { spentMsMax } = rule;
    const before = splitting(store, '001/T1', ['P1', 'P2', 'P3']);
    await fail(store, '001/T1', { ms: 0, spentMs: spentMsMax - 1, before });
    for (const [index, key] of (['001/P1', '001/P2'] as const).entries())
      expect((await fail(store, key, { ms: spentMsMax * (index + 2), spentMs: spentMsMax / 2 - 1 })).inbox).toBe(null);
    const last = await fail(store, '001/P3', { ms: spentMsMax * 9, spentMs: 3 });
    expect(last.inbox).toMatchObject({ kind: 'budget-used', reason: expect.stringContaining('120 min allowed') });
  },

  'B3 tasks that a planner made are no parts: each has a budget of its own': async ({ store }) => {
    await load(store, [draftTask('T1', { kind: 'plan' })]);
    const made = Array.from({ length: 8 }, (_, index) => `M${index}`);
    const { token } = await claimed(store, 'claude-1', { task: '001/T1' });
    for (const id of made) accepted(await make(store, id, { task: '001/T1', token, depth: 1 }));
    for (const id of made) expect((await fail(store, taskKey('001', id), { ms: later })).inbox).toBe(null);
  },
};
