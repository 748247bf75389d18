import { expect, test } from 'vitest';
import { draftTask } from '../../test/conformance/store-fixture.ts';
import { expectFit } from '../../test/support/fits.ts';
import { projectStage } from '../../test/support/project-stage.ts';
import { processIdentity } from '../platform/process.ts';
import { agent } from '../api/contract.ts';
import { reservations } from '../api/contract/views.ts';
import { agentUsage } from './agent-usage.ts';
import { listReservations } from './list-reservations.ts';

test('D5 P8 reservations tell who may write what, who wishes for more, and where work will meet', async () => {
  const { context, clock, load, claim, execute } = await projectStage();
  await load([draftTask('T1', { scope: ['a/**'] }), draftTask('T2', { scope: ['b/**'] })]);
  await load(['T9'], '002');
  const [first, second] = [await claim('T1'), await claim('T2', 'b-1')];
  const third = await claim('T9', 'c-1', '002');
  await execute('T2', { type: 'widen', token: second, entries: ['a/x'], why: 'it is there', rule: 'free' });
  const sides = { task: '001/T1', token: first, commit: 'a'.repeat(40), other: '001/T2', otherToken: second } as const;
  const conflict = { ...sides, otherCommit: 'b'.repeat(40), paths: ['a.txt'], told: [], since: clock.now() };
  await context.store.noteConflicts({ noted: [conflict], ended: [] }, { actor: 'orbit', now: clock.now() });
  const all = await listReservations(context, null);
  expectFit(reservations, all);
  expect(all).toMatchObject({
    held: [
      { task: 'T1', plan: '001', agent: 'a-1', token: first, scope: ['a/**'] },
      { task: 'T2', token: second },
      { task: 'T9', plan: '002', token: third, scope: [] },
    ],
    wishes: [{ task: 'T2', plan: '001', agent: 'b-1', entries: ['a/x'], holder: '001/T1' }],
    conflicts: [{ task: '001/T1', with: '001/T2', paths: ['a.txt'] }],
  });
  expect(await listReservations(context, '002')).toMatchObject({ held: [{ token: third }], wishes: [], conflicts: [] });
  await expect(listReservations(context, '009')).rejects.toThrow('there is no plan 009');
});

test('D7 agents are told with what they use; of one whose process is not known nothing is told', async () => {
  const { context, load, claim } = await projectStage();
  await load(['T1', 'T2']);
  const [first, second] = [await claim('T1'), await claim('T2', 'b-1')];
  const attempt = await context.store.attempt(first);
  if (attempt === null) throw new Error('no attempt');
  await context.store.beat(first, { ...attempt.pulse, agent: processIdentity(process.pid) });
  const agents = await agentUsage(context);
  for (const each of agents) expectFit(agent, each);
  expect(agents).toMatchObject([
    { token: first, title: 'Task T1', pid: process.pid, status: 'working' },
    { token: second, agent: 'b-1', pid: null, cpuMs: null, memoryMb: null, processes: null },
  ]);
  expect(agents[0]?.processes).toBeGreaterThan(0);
  expect(agents[0]?.cpuMs).toBeGreaterThan(0);
});
