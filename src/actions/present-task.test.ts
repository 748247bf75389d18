import { expect, test } from 'vitest';
import { draftTask } from '../../test/conformance/store-fixture.ts';
import { expectFit } from '../../test/support/fits.ts';
import { workOn } from '../../test/support/landing-stage.ts';
import { projectStage } from '../../test/support/project-stage.ts';
import { attempt, plan, taskDetail } from '../api/contract.ts';
import { listAttempts, showAttempt } from './list-attempts.ts';
import { presentPlan, presentPlans } from './present-plan.ts';
import { presentTask } from './present-task.ts';

const retry = { attemptsMax: 3, spentMsMax: 3_600_000, retryDelayMs: 0, jitter: 0, bouncesMax: 2, agents: [] };

test('C1 a task is presented as the contract says, whatever became of it', async () => {
  const { made, context, load, claim, execute, prove } = await projectStage();
  const base = made.git('rev-parse', 'main');
  await load([
    draftTask('T1', { scope: ['src/**'], checks: ['true'] }),
    draftTask('T2', { dependencies: ['T1'] }),
    'T3',
  ]);
  const acted = { rule: 'silent', evidence: ['nothing for 10 min'] };
  const first = await claim('T1');
  const failed = { outcome: 'stalled', reason: 'it stood still', commit: null, rule: retry, acted } as const;
  await execute('T1', { type: 'fail', token: first, ...failed });
  const commit = workOn(made, { 'src/a.ts': 'a\n' });
  const second = await prove('T1', { commit, base });
  await execute('T1', { type: 'queue-landing' });
  await execute('T1', { type: 'note-held', why: 'the checkout is dirty' });
  await execute('T3', { type: 'hold', why: 'later' });

  const shown = await presentTask(context, { task: 'T1', plan: null });
  expectFit(taskDetail, shown);
  expect(shown).toMatchObject({
    status: 'landing',
    dependants: ['T2'],
    evidence: { commit, base, at: '2027-01-15T08:00:00.000Z' },
    landing: { state: 'queued', landedAt: null, held: 'the checkout is dirty' },
    tries: [
      { token: second, outcome: 'done', title: 'Task T1', task: 'T1', plan: '001' },
      { token: first, outcome: 'stalled', acted },
    ],
  });
  expect(shown.events.at(-1)).toMatchObject({ type: 'landing-held', task: 'T1', plan: '001' });
  const held = await presentTask(context, { task: '001/T3', plan: null });
  expectFit(taskDetail, held);
  expect(held.hold).toEqual({ why: 'later', by: 'a-1', at: '2027-01-15T08:00:00.000Z' });
});

test('C1 a question shows in the task with its time and attempt', async () => {
  const { context, load, claim, execute } = await projectStage();
  await load(['T1']);
  const token = await claim('T1');
  await execute('T1', { type: 'block', token, kind: 'question', reason: 'red or blue?' });
  const shown = await presentTask(context, { task: 'T1', plan: '001' });
  expectFit(taskDetail, shown);
  expect(shown.inbox).toEqual({ kind: 'question', reason: 'red or blue?', at: '2027-01-15T08:00:00.000Z', token });
});

test('C1 attempts are listed newest first, by plan, task and whether they live', async () => {
  const { context, load, claim, execute } = await projectStage();
  await load(['T1', 'T2']);
  await load(['T9'], '002');
  const first = await claim('T1');
  await execute('T1', { type: 'release', token: first, reason: 'given back', commit: null });
  const second = await claim('T1', 'b-1');
  const third = await claim('T9', 'c-1', '002');
  const tokens = async (order: Partial<Parameters<typeof listAttempts>[1]>): Promise<number[]> =>
    (await listAttempts(context, { plan: null, task: null, live: false, ...order })).map(({ token }) => token);
  for (const each of await listAttempts(context, { plan: null, task: null, live: false })) expectFit(attempt, each);
  expect(await tokens({})).toEqual([third, second, first]);
  expect(await tokens({ live: true })).toEqual([third, second]);
  expect(await tokens({ plan: '001' })).toEqual([second, first]);
  expect(await tokens({ task: 'T9' })).toEqual([third]);
  expect(await tokens({ task: 'T2' })).toEqual([]);
  expect(await showAttempt(context, second)).toMatchObject({ agent: 'b-1', title: 'Task T1', hasLogs: false });
  await expect(showAttempt(context, 99)).rejects.toThrow('there is no attempt 99');
  await expect(showAttempt(context, Number.NaN)).rejects.toThrow('there is no attempt NaN');
  await expect(tokens({ plan: '003' })).rejects.toThrow('there is no plan 003');
});

test('A9 titles are the same whether few or many tasks were tried', async () => {
  const { context, load, claim } = await projectStage();
  const ids = Array.from({ length: 60 }, (_, index) => `T${index + 1}`);
  await load(ids);
  for (const id of ids) await claim(id);
  const attempts = await listAttempts(context, { plan: null, task: null, live: true });
  expect(attempts.map(({ task, title }) => [task, title])).toEqual(ids.toReversed().map((id) => [id, `Task ${id}`]));
});

test('A9 a plan is presented as the contract says, paused or not', async () => {
  const { context, load, claim, clock } = await projectStage();
  await load([draftTask('T1', { layer: 1 }), draftTask('T2', { layer: 2, dependencies: ['T1'] })]);
  await load(['T1'], '002');
  await claim('T1');
  const before = await presentPlan(context, '001');
  expectFit(plan, before);
  expect(before).toMatchObject({ paused: false, landingPaused: false, total: 2, target: 'refs/heads/orbit/001' });
  await context.store.pausePlan('001', { paused: true, what: 'landing', why: 'release day' }, 'person:a', clock.now());
  expect(await presentPlan(context, '001')).toMatchObject({ paused: false, landingPaused: true });
  expect((await presentPlans(context)).map((each) => each.plan)).toEqual(['001', '002']);
  await expect(presentPlan(context, '009')).rejects.toThrow('there is no plan 009');
});
