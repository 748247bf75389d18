/** When a split task is done in one piece after all. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimOf, evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import { evolveTask } from './evolve-task.ts';
import type { Task } from './task.ts';
import { isGivenUp } from './outcome.ts';
import { hasEnded, isLanded } from './status.ts';
import { isGoalLost, isToTakeWhole, madeFor, partsOf, tellParts, wholeGoal } from './whole.ts';

const parent = taskWith({ id: 'P', rung: 'join', dependencies: ['001/A', '001/B', '001/X'] });
const origin = { task: '001/P', token: 4, depth: 1 } as const;
const used = { kind: 'attempts-used', reason: 'all used', token: 1, at: 1 } as const;
const part = (id: string, fields: Partial<Task> = {}): Task => taskWith({ id, origin, ...fields });
const failed = part('A', { inbox: used });
const dropped = { as: 'cancelled', why: '', by: 'ann', at: 1 } as const;

/** [what, the parts, whether the task is taken whole] */
const rows: [string, Task[], boolean][] = [
  ['all parts are given up', [failed, part('B', { inbox: { ...used, kind: 'conflict' } })], true],
  ['one is given up and the others wait for it', [failed, part('B', { dependencies: ['001/A'] })], true],
  ['one is given up and a person dropped the other', [failed, part('B', { closed: dropped })], true],
  ['one succeeded', [failed, part('B', { evidence: evidenceOf(3) })], false],
  ['one is still tried', [failed, part('B')], false],
  ['one runs', [failed, part('B', { claim: claimOf('a', 9) })], false],
  ['one asks a person', [failed, part('B', { inbox: { ...used, kind: 'question' } })], false],
  ['a person dropped them all', [part('A', { closed: dropped })], false],
  ['there are none', [], false],
];

for (const [what, parts, expected] of rows) {
  test(`C11 ${what}: the task is ${expected ? '' : 'not '}taken whole`, () => {
    expect(isToTakeWhole(parent, parts)).toBe(expected);
  });
}

test('C11 I11 it happens once, and never under an agent or a person', () => {
  const against: Partial<Task>[] = [
    { whole: ['001/A'] },
    { claim: claimOf('a', 9) },
    { evidence: evidenceOf(9) },
    { closed: dropped },
    { inbox: used },
  ];
  for (const fields of against) expect(isToTakeWhole({ ...parent, ...fields }, [failed])).toBe(false);
  expect(isToTakeWhole({ ...parent, inbox: { ...used, kind: 'dependency-cancelled' } }, [failed])).toBe(true);
});

test('C11 only parts that the task made itself count, and their ends are told', () => {
  const failure = {
    token: 7,
    agent: 'a',
    outcome: 'failed',
    reason: 'red '.repeat(9),
    at: 1,
    rung: 'fresh',
    model: null,
  } as const;
  const parts = [part('A', { title: 'Parse', inbox: used, failures: [failure] }), part('B', { inbox: used })];
  expect(partsOf(parent, [...parts, taskWith({ id: 'X' }), part('Y')])).toEqual(parts);
  const told = tellParts(parts, 8);
  expect(told).toContain('- A Parse: red red  Its last work: refs/orbit/attempts/A/7.');
  expect(told).toContain('- B Title: all used');
  const event = { type: 'task-made-whole', parts: ['001/A', '001/B'], advice: told } as const;
  expect(evolveTask(parent, event, { key: '001/P', at: 5, actor: 'c' })).toMatchObject({
    dependencies: ['001/X'],
    rung: 'whole',
    whole: ['001/A', '001/B'],
    advice: told,
  });
});

const planned = { evidence: evidenceOf(2, { commit: null, noChanges: 'planned' }) };
const goal = taskWith({
  id: 'P',
  kind: 'bootstrap',
  title: 'A shop',
  body: 'With a cart.',
  scope: ['src/**'],
  ...planned,
});
const below = { task: '001/F', token: 5, depth: 2 } as const;
const feature = part('F', { kind: 'plan', ...planned });

/** [what, what was made, whether nothing came of the goal] */
const made: [string, Task[], boolean][] = [
  ['all tasks are given up', [failed, part('B', { inbox: used })], true],
  ['those that its planning tasks made are given up', [feature, part('A', { origin: below, inbox: used })], true],
  ['a verification waits for what is given up', [failed, part('V', { kind: 'verify', dependencies: ['001/A'] })], true],
  ['one was cancelled, the other is given up', [failed, part('B', { closed: dropped })], true],
  ['one landed', [failed, part('B', { closed: { ...dropped, as: 'completed' } })], false],
  ['one is proven', [failed, part('B', { evidence: evidenceOf(3) })], false],
  ['one can still be tried', [failed, part('B')], false],
  ['a planning task may still make some', [failed, part('F', { kind: 'plan', claim: claimOf('a', 9) })], false],
  ['one asks a person', [failed, part('B', { inbox: { ...used, kind: 'question' } })], false],
  ['a person dropped them all', [part('A', { closed: dropped })], false],
  ['only planning was given up', [part('F', { kind: 'plan', inbox: used })], false],
  ['nothing was made', [], false],
];

for (const [what, tasks, expected] of made) {
  test(`C11 where ${what}, the goal is ${expected ? '' : 'not '}taken whole`, () => {
    expect(madeFor(goal, [goal, ...tasks, taskWith({ id: 'X', inbox: used })])).toEqual(tasks);
    expect(isGoalLost(goal, tasks)).toBe(expected);
  });
}

test('C11 I11 only what a person wanted planned is a goal, so that no whole brings another', () => {
  const against: Partial<Task>[] = [{ kind: 'implement' }, { origin }, { closed: dropped }, { evidence: null }];
  for (const fields of against) expect(isGoalLost({ ...goal, ...fields }, [failed])).toBe(false);
  const definition = wholeGoal(goal);
  expect(definition).toMatchObject({
    id: 'P-whole',
    kind: 'implement',
    body: goal.body,
    scope: goal.scope,
    agent: null,
  });
  expect(definition?.title).toBe('In one piece: A shop');
  expect(wholeGoal({ ...goal, id: 'P'.repeat(60) })).toBe(null);
});

test('C11 a goal is never taken whole beside work that came about or can move', () => {
  const state = fc.constantFrom<Partial<Task>>(
    {},
    { inbox: used },
    { inbox: { ...used, kind: 'question' } },
    { closed: dropped },
    { closed: { ...dropped, as: 'completed' } },
    { claim: claimOf('a', 9) },
    { evidence: evidenceOf(3) },
  );
  const one = fc.record({
    fields: state,
    kind: fc.constantFrom('implement' as const, 'plan' as const, 'verify' as const),
    needs: fc.nat({ max: 5 }),
  });
  const tasks = fc
    .array(one, { maxLength: 6 })
    .map((all) =>
      all.map(({ fields, kind, needs }, at) =>
        part(`T${at}`, { ...fields, kind, dependencies: needs < at ? [`001/T${needs}`] : [] }),
      ),
    );
  fc.assert(
    fc.property(tasks, (all) => {
      if (!isGoalLost(goal, all)) return;
      expect(all.some((task) => isGivenUp(task))).toBe(true);
      expect(all.some((task) => task.kind === 'implement' && isLanded(task))).toBe(false);
      expect(all.some((task) => task.kind === 'implement' && task.closed?.as === 'completed')).toBe(false);
      for (const task of all.filter((other) => !hasEnded(other))) {
        expect(task.claim).toBe(null);
        expect(isGivenUp(task) || task.dependencies.length > 0).toBe(true);
      }
    }),
  );
});
