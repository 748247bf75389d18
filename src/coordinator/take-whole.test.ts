/** A goal that is taken whole, on a real store: once, also over a crash in between, and never where somebody else waits. */
import { expect, test } from 'vitest';
import { accepted, at, claimed, draftTask, evidenceOf, load, start } from '../../test/conformance/store-fixture.ts';
import { taskWith } from '../../test/support/core-samples.ts';
import { definitionOf } from '../core/task.ts';
import { wholeGoal } from '../core/whole.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';
import { takeWhole } from './take-whole.ts';

/** A goal that was planned as P1 and P2, both given up. */
async function lostGoal(): Promise<Store> {
  const store = openMemoryStore();
  await load(store, [draftTask('G', { kind: 'plan', body: 'A shop.' })]);
  const { token } = await claimed(store, 'a-1', { task: '001/G' });
  const origin = { task: '001/G', token, depth: 1 } as const;
  for (const id of ['P1', 'P2']) {
    const definition = definitionOf(taskWith({ id }));
    accepted(await store.execute(`001/${id}`, { type: 'create', definition, origin }, at(0)));
  }
  const evidence = evidenceOf(token, { commit: null, noChanges: 'planned' });
  accepted(await store.execute('001/G', { type: 'prove', token, evidence }, at(0)));
  for (const id of ['P1', 'P2']) {
    const escalate = { type: 'escalate', kind: 'attempts-used', reason: `${id} is too hard` } as const;
    accepted(await store.execute(`001/${id}`, escalate, at(0)));
  }
  return store;
}

async function look(store: Store, plans: readonly string[] = ['001'], goalsSeq = -1): Promise<number> {
  const clock = { now: () => start, monotonicMs: () => 0, sleep: async () => undefined };
  const ports: Partial<CoordinatorPorts> = { store, clock, log: () => undefined };
  const settings = { plans, limits: { reasonLengthMax: 1_000 } };
  const leadership = await store.lead('one', 60_000, start);
  return takeWhole(
    ports as CoordinatorPorts,
    settings as CoordinatorSettings,
    { leadership, goalsSeq } as CoordinatorState,
  );
}

const whole = async (store: Store) => (await store.task('001/G-whole'))?.task;

test('C11 one task gets the goal, told what became of the parts, which are closed; once', async () => {
  const store = await lostGoal();
  expect(await look(store)).toBe(3);
  expect(await whole(store)).toMatchObject({
    rung: 'whole',
    body: 'A shop.',
    whole: ['001/P1', '001/P2'],
    origin: null,
  });
  expect((await whole(store))?.advice).toContain('P2 is too hard');
  for (const id of ['P1', 'P2']) expect((await store.task(`001/${id}`))?.task.closed?.as).toBe('cancelled');
  accepted(
    await store.execute('001/G-whole', { type: 'escalate', kind: 'attempts-used', reason: 'too hard as well' }, at(0)),
  );
  expect(await look(store)).toBe(0);
  expect(await store.tasks({}, start)).toHaveLength(4);
});

test('C11 I8 what a crash left half done is finished at the next look', async () => {
  const store = await lostGoal();
  const goal = (await store.task('001/G'))?.task;
  const definition = goal === undefined ? null : wholeGoal(goal);
  if (definition === null) throw new Error('the goal has no whole');
  accepted(await store.execute('001/G-whole', { type: 'create', definition }, at(0)));
  accepted(await store.execute('001/P1', { type: 'close', as: 'cancelled', why: '' }, at(0)));
  expect(await look(store)).toBe(2);
  expect(await whole(store)).toMatchObject({ rung: 'whole', whole: ['001/P2'] });
});

test('C11 a goal is looked at again only when something has happened', async () => {
  const store = await lostGoal();
  expect(await look(store, ['001'], await store.lastSeq())).toBe(0);
  expect(await whole(store)).toBeUndefined();
  expect(await look(store, ['001'], (await store.lastSeq()) - 1)).toBe(3);
});

test('C11 nothing is done where somebody else waits for a part, has the name, or the plan is not run', async () => {
  const store = await lostGoal();
  expect(await look(store, ['002'])).toBe(0);
  await load(store, [draftTask('X', { dependencies: ['001/P1'] })], { plan: '002' });
  expect(await look(store)).toBe(0);
  const other = await lostGoal();
  const definition = definitionOf(taskWith({ id: 'G-whole' }));
  accepted(await other.execute('001/G-whole', { type: 'create', definition }, at(0)));
  expect(await look(other)).toBe(0);
  expect(await whole(other)).toMatchObject({ ...definition, rung: 'first' });
});
