/** When work may begin on top of what has not landed. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceOf, taskWith } from '../../test/support/core-samples.ts';
import { paysEarly, stackWait, type EarlyFacts, type StackLook, type StackRule } from './early-start.ts';
import { LandingPace } from './landing-pace.ts';
import { limits } from './limits.ts';
import { hasEnded } from './status.ts';
import type { Task, TaskDefinition } from './task.ts';

const minute = 60_000;
const quiet: StackRule = { depthMax: 2, pace: { landingMs: null, queued: 0, sentBackShare: 0 } };

function lookAt(tasks: readonly Task[]): StackLook {
  const find = (key: string): Task | null => tasks.find((task) => task.key === key) ?? null;
  return {
    task: find,
    unlanded: ({ dependencies }) =>
      dependencies.map(find).filter((task) => task !== null && task.evidence !== null && !hasEnded(task)) as Task[],
  };
}

const done = (id: string, needs: TaskDefinition['dependencies'] = [], fields: Partial<Task> = {}): Task =>
  taskWith({
    id,
    dependencies: needs,
    evidence: evidenceOf(1, { commit: id.repeat(40).slice(0, 40), at: 0 }),
    ...fields,
  });

test('A4 an ordinary task starts at once: on landed work, and on two levels that have not landed', () => {
  const tasks = [done('A'), done('B', ['001/A'])];
  expect(stackWait(taskWith({ id: 'C' }), lookAt([]), { rule: quiet, now: 0 })).toBe(null);
  expect(stackWait(taskWith({ id: 'C', dependencies: ['001/B'] }), lookAt(tasks), { rule: quiet, now: 0 })).toBe(null);
});

test('A4 three levels are too deep, and the deepest of them is named; what landed is no level', () => {
  const [a, b, c] = [done('A'), done('B', ['001/A']), done('C', ['001/B'])];
  const next = taskWith({ id: 'D', dependencies: ['001/C'] });
  expect(stackWait(next, lookAt([a, b, c]), { rule: quiet, now: 0 })).toMatchObject({
    rule: 'stack-depth',
    on: '001/A',
    isTimed: false,
  });
  expect(
    stackWait(next, lookAt([{ ...a, closed: { as: 'completed', why: '', by: 'ann', at: 1 } }, b, c]), {
      rule: quiet,
      now: 0,
    }),
  ).toBe(null);
  expect(stackWait(next, lookAt([a, b, c]), { rule: { ...quiet, depthMax: 0 }, now: 0 })).toMatchObject({
    rule: 'stack-depth',
    on: '001/C',
  });
  const unlanded = new Set(['001']);
  expect(stackWait(next, lookAt([a, b, c]), { rule: { ...quiet, depthMax: 0, unlanded }, now: 0 })).toBe(null);
});

test('A10 nobody builds on what was rejected or rests on a base that changed, at any depth', () => {
  const a = done('A', [], { pr: { number: 4, status: 'rejected' } });
  const b = done('B', ['001/A']);
  const next = taskWith({ id: 'C', dependencies: ['001/B'] });
  expect(stackWait(next, lookAt([a, b]), { rule: quiet, now: 0 })).toMatchObject({
    rule: 'stack-changed',
    on: '001/A',
  });
  const onOld = done('B', ['001/A'], { evidence: evidenceOf(2, { builtOn: [{ task: '001/A', commit: 'x' }] }) });
  expect(stackWait(next, lookAt([done('A'), onOld]), { rule: quiet, now: 0 })).toMatchObject({
    rule: 'stack-changed',
    on: '001/B',
  });
});

test('A4 the depth is the same in a wide stack, which costs its size and not its paths', () => {
  const layers = Array.from({ length: 3 }, (_, layer) =>
    Array.from({ length: 60 }, (__, index) =>
      done(
        `L${layer}-${index}`,
        layer === 0 ? [] : Array.from({ length: 60 }, (___, below) => `001/L${layer - 1}-${below}` as const),
      ),
    ),
  );
  const next = taskWith({ id: 'Z', dependencies: (layers[2] ?? []).map(({ key }) => key) });
  expect(stackWait(next, lookAt(layers.flat()), { rule: { ...quiet, depthMax: 3 }, now: 0 })).toBe(null);
  expect(stackWait(next, lookAt(layers.flat()), { rule: quiet, now: 0 })?.rule).toBe('stack-depth');
});

const facts: EarlyFacts = {
  landingMs: 5 * minute,
  queued: 1,
  sentBackShare: 0.1,
  unlanded: 1,
  waitedMs: 0,
  workMs: 25 * minute,
};

/** [what, facts, whether to start early] */
const cases: [string, Partial<EarlyFacts>, boolean][] = [
  ['nothing was measured', { landingMs: null, sentBackShare: 0.9 }, true],
  ['nothing was sent back', { sentBackShare: 0, landingMs: 1 }, true],
  ['little is sent back and checks take long', {}, true],
  ['half is sent back and it lands in a moment', { sentBackShare: 0.5, landingMs: 10_000 }, false],
  ['half is sent back and many are before it', { sentBackShare: 0.5, queued: 5 }, true],
  ['it hangs on several that may each be sent back', { sentBackShare: 0.2, unlanded: 6, landingMs: 6 * minute }, false],
  ['the queue is stuck', { sentBackShare: 0.5, landingMs: 10_000, waitedMs: 8 * minute }, true],
  ['the work is short', { sentBackShare: 0.5, workMs: 5 * minute }, true],
];

for (const [what, changes, expected] of cases) {
  test(`A4 where ${what} it ${expected ? 'pays' : 'does not pay'} to start early`, () => {
    expect(paysEarly({ ...facts, ...changes })).toBe(expected);
  });
}

test('A4 I10 nobody waits for ever: a wait as long as the work at stake is enough', () => {
  const any = fc.record({
    landingMs: fc.nat({ max: 1_000_000 }),
    queued: fc.nat({ max: 100 }),
    sentBackShare: fc.double({ min: 0, max: 1, noNaN: true }),
    unlanded: fc.integer({ min: 1, max: 50 }),
    workMs: fc.integer({ min: 1, max: 10_000_000 }),
  });
  fc.assert(fc.property(any, (one) => paysEarly({ ...one, waitedMs: one.workMs })));
  const wait = stackWait(taskWith({ id: 'B', dependencies: ['001/A'] }), lookAt([done('A')]), {
    rule: { depthMax: 2, pace: { landingMs: 1_000, queued: 0, sentBackShare: 0.5 } },
    now: 1,
  });
  expect(wait).toMatchObject({ rule: 'lands-soon', on: '001/A', isTimed: true });
});

test('A4 the pace is read from the log: an entry takes the time from when the one before it left', () => {
  const pace = new LandingPace();
  const note = (task: string | null, at: number, body: object): void => pace.note({ task, at, body } as never);
  expect(pace.now()).toEqual({ landingMs: null, queued: 0, sentBackShare: 0 });
  for (const id of ['A', 'B', 'C']) note(`001/${id}`, 0, { type: 'landing-queued', commit: 'c' });
  note(null, 1, { type: 'plan-resumed' });
  expect(pace.now().queued).toBe(3);
  note('001/A', 1_000, { type: 'task-landed' });
  note('001/B', 2_000, { type: 'landing-bounced' });
  note('001/C', 2_500, { type: 'task-closed' });
  expect(pace.now()).toMatchObject({ landingMs: expect.closeTo(1_000, 0), queued: 0, sentBackShare: 0 });
  for (let entry = 0; entry < limits.paceEntriesMin; entry += 1) {
    note(`001/N${entry}`, 3_000, { type: 'landing-queued', commit: 'c' });
    note(`001/N${entry}`, 3_000, { type: entry % 2 === 0 ? 'landing-bounced' : 'task-landed' });
  }
  expect(pace.now().sentBackShare).toBeCloseTo(0.5, 1);
});
