/** Where the work of a plan with layer branches stands, and how the open line moves on. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceOf, samplePlan, taskWith } from '../../test/support/core-samples.ts';
import { landsOn, lastTarget, layerFindings, layerTarget, linesOf } from './layer-branch.ts';
import type { Plan } from './plan.ts';
import type { Task } from './task.ts';

const layerList = [1, 2, 3].map((number) => ({ number, title: `../evil ${number}` }));
const plan: Plan = { ...samplePlan, id: '001-Auth', layers: 'hard', layerBranches: true, layerList };
const ref = (layer: number): string => `refs/heads/layer-${layer}-001-auth`;

const open = (id: string, layer: number | null): Task => taskWith({ id, layer });
const landed = (id: string, layer: number | null, on: number): Task =>
  taskWith({
    id,
    layer,
    evidence: evidenceOf(1),
    landing: { state: 'landed', commit: 'c', queuedAt: 1, begunAt: null, landedAs: 'd', landedAt: 2, target: ref(on) },
  });

test('A5 names are made of number and plan name alone', () => {
  expect(layerTarget(plan, 12)).toBe(ref(12));
  expect(ref(12)).toMatch(/^refs\/heads\/[a-z0-9][a-z0-9._-]{0,63}$/);
  expect(lastTarget(plan, 'refs/heads/x')).toBe(ref(3));
  expect(lastTarget({ ...plan, layerList: [] }, 'refs/heads/x')).toBe('refs/heads/x');
});

/** [what, tasks, the lines from the open one down] */
const rows: [string, Task[], number[]][] = [
  ['nothing has landed', [open('A', 1), open('B', 2)], [1]],
  ['one of the first layer is open', [landed('A', 1, 1), open('A2', 1), open('B', 2)], [1]],
  ['the first layer has landed', [landed('A', 1, 1), open('B', 2), open('C', 3)], [2, 1]],
  ['a layer without tasks is passed over', [landed('A', 1, 1), open('C', 3)], [3, 2, 1]],
  ['all has landed', [landed('A', 1, 1), landed('C', 3, 3)], [3, 2, 1]],
  ['the first layer got a task late', [landed('A', 1, 1), open('A2', 1), landed('B', 2, 2)], [2, 1]],
  ['a task without a layer landed on a later line', [landed('A', 1, 1), open('A2', 1), landed('N', null, 2)], [2, 1]],
  [
    'what was cancelled holds nothing open',
    [taskWith({ id: 'A', layer: 1, closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } }), open('B', 2)],
    [2, 1],
  ],
];

for (const [what, tasks, lines] of rows) {
  test(`A5 ${what}: the lines are ${lines.join(', ')}`, () => {
    expect(linesOf(plan, tasks)).toEqual(lines.map(ref));
  });
}

test('A5 without layer branches there is one line, the target', () => {
  expect(linesOf({ ...plan, layerBranches: false }, [open('A', 1)])).toEqual([samplePlan.target]);
  expect(linesOf(samplePlan, [])).toEqual([samplePlan.target]);
  expect(linesOf({ ...plan, layerList: [] }, [])).toEqual([samplePlan.target]);
});

test('A5 I9 however tasks land and come, the open line never goes back', () => {
  const steps = fc.array(fc.record({ add: fc.boolean(), layer: fc.integer({ min: 1, max: 3 }), pick: fc.nat() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, (list) => {
      let tasks: Task[] = [];
      let before = 0;
      for (const [index, { add, layer, pick }] of list.entries()) {
        const [target = ''] = linesOf(plan, tasks);
        const number = Number(/layer-(\d+)/.exec(target)?.[1]);
        const some = tasks.some(({ landing }) => landing?.target === target);
        // One on which nothing landed yet may close again: nothing is lost with it.
        expect(number >= before).toBe(true);
        if (some) before = number;
        if (add || tasks.length === 0) tasks = [...tasks, open(`T${index}`, layer)];
        else
          tasks = tasks.map((task, place) =>
            place === pick % tasks.length && task.landing === null ? landed(task.id, task.layer, number) : task,
          );
      }
    }),
  );
});

test('A5 a file that asks for early starts beside layer branches is told that it cannot have them', () => {
  expect(layerFindings(plan, { unblock: 'done' }).map(({ severity }) => severity)).toEqual(['warning']);
  expect(layerFindings(plan, { unblock: null })).toEqual([]);
  expect(layerFindings(samplePlan, { unblock: 'done' })).toEqual([]);
});

test('A5 a plan answers for each branch of its layers, another one for its target alone', () => {
  expect([1, 3, 4].map((number) => landsOn({ ...plan, target: ref(3) }, ref(number)))).toEqual([true, true, false]);
  expect([samplePlan.target, ref(1)].map((branch) => landsOn({ ...plan, layerBranches: false }, branch))).toEqual([
    true,
    false,
  ]);
});
