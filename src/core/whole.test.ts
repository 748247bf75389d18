/** When a split task is done in one piece after all. */
import { expect, test } from 'vitest';
import { claimOf, evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import { evolveTask } from './evolve-task.ts';
import type { Task } from './task.ts';
import { isToTakeWhole, partsOf, tellParts } from './whole.ts';

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
