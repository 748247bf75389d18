import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  calm,
  claimOf,
  draftOf,
  draftTask,
  evidenceOf,
  perform,
  samplePlan,
  taskWith,
} from '../../test/support/core-samples.ts';
import type { TaskKey } from './id.ts';
import type { PlanDraft, TaskDraft } from './plan.ts';
import { mergeDraft, type PlanMerge } from './plan-merge.ts';
import type { Task } from './task.ts';

function merge(current: readonly Task[], tasks: readonly TaskDraft[], fields: Partial<PlanDraft> = {}): PlanMerge {
  return mergeDraft({ plan: samplePlan, current, draft: draftOf(tasks, fields) });
}

/** Carries out a merge as a store would. */
function applied(current: readonly Task[], { commands }: PlanMerge): Task[] {
  const tasks = new Map<TaskKey, Task>(current.map((task) => [task.key, task]));
  for (const { key, command } of commands) {
    const { task } = perform(tasks.get(key) ?? null, command, { key, actor: 'file', around: calm });
    if (task !== null) tasks.set(key, task);
  }
  return [...tasks.values()];
}

const brief = ({ commands, findings }: PlanMerge): string[] => [
  ...commands.map(({ key, command }) => `${command.type} ${key}`),
  ...findings.map(({ severity, code, line }) => `${severity} ${code} at ${line}`),
];

test('A3 a first reading creates all tasks in file order and closes the ticked ones', () => {
  const result = merge(
    [],
    [draftTask('T2', { dependencies: ['T1', 'other/T9'] }), draftTask('T1', { ticked: true, scope: ['src/'] })],
  );
  expect(brief(result)).toEqual(['create 001/T2', 'create 001/T1', 'close 001/T1']);
  const [second, first] = applied([], result);
  expect(second?.dependencies).toEqual(['001/T1', 'other/T9']);
  expect(first).toMatchObject({ scope: ['src/'], closed: { as: 'completed', why: 'ticked in the file' } });
  expect(Object.keys(second ?? {})).not.toContain('ticked');
});

/** What the file says (T1 at line 7), what the store has, what follows. */
const table: [what: string, file: Partial<TaskDraft>, store: Partial<Task>, expected: string[]][] = [
  ['nothing new', {}, {}, []],
  ['another order of dependencies', { dependencies: ['T2', 'T3'] }, { dependencies: ['001/T3', '001/T2'] }, []],
  ['a new title', { title: 'New' }, {}, ['change 001/T1']],
  ['a new scope', { scope: ['a'] }, { scope: ['b'] }, ['change 001/T1']],
  ['a dependency more', { dependencies: ['T2'] }, {}, ['change 001/T1']],
  ['a dependency less', {}, { dependencies: ['001/T2'] }, ['change 001/T1']],
  [
    'a change while in the inbox',
    { scope: ['a'] },
    { inbox: { kind: 'question', reason: 'x', token: null, at: 0 } },
    ['change 001/T1'],
  ],
  ['a new title while running', { title: 'New' }, { claim: claimOf('claude-1', 4) }, ['change 001/T1']],
  ['a new scope while running', { scope: ['a'] }, { claim: claimOf('claude-1', 4) }, ['warning contradiction at 7']],
  [
    'a new scope and title when done',
    { scope: ['a'], title: 'New' },
    { evidence: evidenceOf(4) },
    ['change 001/T1', 'warning contradiction at 7'],
  ],
  [
    'a dependency more when done',
    { dependencies: ['T2'] },
    { evidence: evidenceOf(4) },
    ['warning contradiction at 7'],
  ],
  [
    'a dependency less when done',
    {},
    { evidence: evidenceOf(4), dependencies: ['001/T2'] },
    ['warning contradiction at 7'],
  ],
  ['a tick while open', { ticked: true }, {}, ['close 001/T1']],
  ['a tick and a new scope while open', { ticked: true, scope: ['a'] }, {}, ['change 001/T1', 'close 001/T1']],
  ['a tick while held', { ticked: true }, { hold: { why: 'x', by: 'ann', at: 0 } }, ['close 001/T1']],
  ['a tick while running', { ticked: true }, { claim: claimOf('claude-1', 4) }, ['warning contradiction at 7']],
  ['a tick when done', { ticked: true }, { evidence: evidenceOf(4) }, []],
  ['a tick when closed', { ticked: true }, { closed: { as: 'completed', why: 'by hand', by: 'ann', at: 0 } }, []],
  [
    'a tick when cancelled',
    { ticked: true },
    { closed: { as: 'cancelled', why: 'no', by: 'ann', at: 0 } },
    ['warning contradiction at 7'],
  ],
  ['no tick yet when done', {}, { evidence: evidenceOf(4) }, []],
  ['no tick yet when closed by a command', {}, { closed: { as: 'completed', why: 'by hand', by: 'ann', at: 0 } }, []],
  [
    'a tick taken away',
    {},
    { closed: { as: 'completed', why: 'ticked in the file', by: 'ann', at: 0 } },
    ['warning contradiction at 7'],
  ],
];

for (const [what, file, store, expected] of table) {
  test(`A3 ${what}: ${expected.join(', ') || 'nothing to do'}`, () => {
    const others = [taskWith({ id: 'T2' }), taskWith({ id: 'T3' })];
    const drafts = [draftTask('T1', { line: 7, ...file }), draftTask('T2'), draftTask('T3')];
    const current = [taskWith(store), ...others];
    const result = merge(current, drafts);
    expect(brief(result)).toEqual(expected);
    const after = merge(applied(current, result), drafts);
    expect(after.commands).toEqual([]);
    expect(result.findings).toEqual(expect.arrayContaining([...after.findings]));
  });
}

test('A3 what only words may change keeps its graph, scope and checks', () => {
  const running = taskWith({ claim: claimOf('claude-1', 4), scope: ['a'], dependencies: ['001/T0'], layer: 1 });
  const [step] = merge(
    [running, taskWith({ id: 'T0' })],
    [draftTask('T1', { title: 'New', priority: 3 }), draftTask('T0')],
  ).commands;
  expect(step?.command).toMatchObject({
    type: 'change',
    definition: { title: 'New', priority: 3, scope: ['a'], dependencies: ['001/T0'], layer: 1 },
  });
});

test('A3 a task that the file lists no more is kept and told, one made by a command is not mentioned', () => {
  const current = [
    taskWith({ id: 'T1', layer: 1 }),
    taskWith({ id: 'T2', layer: 1 }),
    taskWith({ id: 'T3', layer: 1, evidence: evidenceOf(2) }),
    taskWith({ id: 'made-by-agent' }),
  ];
  const result = merge(current, [draftTask('T1', { layer: 1 })]);
  expect(result.commands).toEqual([]);
  expect(result.findings).toMatchObject([{ severity: 'warning', code: 'missing-task', task: 'T2' }]);
});

test('I14 a ring over file and store is an error with its path, and nothing is done', () => {
  const current = [taskWith({ id: 'kept', dependencies: ['001/T2'] })];
  const result = merge(current, [
    draftTask('T1', { dependencies: ['kept'], line: 3 }),
    draftTask('T2', { dependencies: ['T1'], line: 4 }),
  ]);
  expect(result.commands).toEqual([]);
  const cycle = result.findings.find((finding) => finding.code === 'cycle');
  expect(cycle).toMatchObject({ severity: 'error', line: expect.any(Number) });
  expect(cycle?.message).toContain('kept → T2 → T1 → kept');
});

test('I14 an unknown dependency is an error; one of another plan is left to the store', () => {
  const result = merge([], [draftTask('T1', { dependencies: ['T9', 'other/T9', '001/T8'], line: 3 })]);
  expect(result.commands).toEqual([]);
  expect(result.findings.map(({ code, line }) => `${code} ${line}`)).toEqual([
    'unknown-dependency 3',
    'unknown-dependency 3',
  ]);
});

test('A5 hard layers make each task wait for the nearest lower layer that has tasks', () => {
  const drafts = [
    draftTask('A', { layer: 1 }),
    draftTask('B', { layer: 1, dependencies: ['A'] }),
    draftTask('C', { layer: 4 }),
    draftTask('D', { layer: 9, dependencies: ['A'] }),
    draftTask('E'),
  ];
  const kept = [
    taskWith({ id: 'K', layer: 4 }),
    taskWith({ id: 'X', layer: 4, closed: { as: 'cancelled', why: '', by: 'ann', at: 0 } }),
  ];
  const result = merge(kept, drafts, { layers: 'hard' });
  const wanted = applied(kept, result).map((task) => [task.id, task.dependencies]);
  expect(Object.fromEntries(wanted)).toEqual({
    K: [],
    X: [],
    A: [],
    B: ['001/A'],
    C: ['001/A', '001/B'],
    D: ['001/A', '001/C', '001/K'],
    E: [],
  });
  expect(merge(applied(kept, result), drafts, { layers: 'hard' }).commands).toEqual([]);
});

test('A5 a barrier that a begun task has passed is no contradiction', () => {
  const current = [taskWith({ id: 'B', layer: 2, claim: claimOf('claude-1', 4), dependencies: [] })];
  const result = merge(current, [draftTask('A', { layer: 1 }), draftTask('B', { layer: 2 })], { layers: 'hard' });
  expect(brief(result)).toEqual(['create 001/A']);
});

test('A3 whatever file and store say, merging twice changes nothing more and complains about nothing new', () => {
  const ids = ['A', 'B', 'C', 'D'];
  const facts = fc.constantFrom<Partial<Task>>(
    {},
    { claim: claimOf('claude-1', 3) },
    { evidence: evidenceOf(3) },
    { closed: { as: 'completed', why: 'ticked in the file', by: 'ann', at: 0 } },
    { closed: { as: 'cancelled', why: 'no', by: 'ann', at: 0 } },
    { inbox: { kind: 'stuck', reason: 'x', token: null, at: 0 } },
  );
  const parts = {
    layer: fc.constantFrom(null, 1, 2),
    scope: fc.subarray(['a', 'b']),
    title: fc.constantFrom('x', 'y'),
  };
  const stored = fc.tuple(
    ...ids.map((id) =>
      fc
        .record({ ...parts, facts, there: fc.boolean(), below: fc.subarray(ids.filter((other) => other < id)) })
        .map(({ facts: known, there, below, ...fields }) =>
          there
            ? [taskWith({ id, ...fields, ...known, dependencies: below.map((other): TaskKey => `001/${other}`) })]
            : [],
        ),
    ),
  );
  const drafts = fc.tuple(
    ...ids.map((id) =>
      fc
        .record({
          ...parts,
          there: fc.boolean(),
          ticked: fc.boolean(),
          dependencies: fc.subarray(ids, { maxLength: 1 }),
        })
        .map(({ there, ...fields }) => (there ? [draftTask(id, fields)] : [])),
    ),
  );
  fc.assert(
    fc.property(stored, drafts, fc.constantFrom('hard', 'hints'), (tasks, file, layers) => {
      const current = tasks.flat();
      const first = merge(current, file.flat(), { layers });
      const after = applied(current, first);
      const second = merge(after, file.flat(), { layers });
      expect(second.commands).toEqual([]);
      expect(first.findings).toEqual(expect.arrayContaining([...second.findings]));
      expect(after.map((task) => task.key)).toEqual(expect.arrayContaining(current.map((task) => task.key)));
    }),
    { numRuns: 1_000 },
  );
});
