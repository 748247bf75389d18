/** The verbs by which people and agents steer tasks, on the built program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, planText, type OrbitProject } from '../support/orbit-project.ts';

async function startedProject(...tasks: string[]): Promise<OrbitProject> {
  const project = await makeProject();
  project.plan('001', planText(...tasks));
  project.repository.commit('Plan');
  await project.orbit(['start', 'T1', '--agent', 'claude']);
  return project;
}

async function statusOf(project: OrbitProject, task: string): Promise<unknown> {
  return (await project.orbit(['show', task, '--json'])).json()['status'];
}

test('B5 handoff gives the task back with notes for whoever goes on', async () => {
  using project = await startedProject('T1');
  expect((await project.orbit(['handoff', 'T1', 'parser done, writer missing', '--json'])).json()).toMatchObject({
    task: 'T1',
    status: 'ready',
  });
  expect((await project.orbit(['show', 'T1', '--json'])).json()).toMatchObject({
    advice: expect.stringContaining('parser done, writer missing'),
  });
});

test('B3 B6 a blocker found on the way is made a task of its own and runs first', async () => {
  using project = await startedProject('T1');
  const environment = { ORBIT_TOKEN: '1', ORBIT_AGENT: 'claude', ORBIT_PLAN: '001', ORBIT_TASK: 'T1' };
  const created = await project.orbit(
    ['create', '--title', 'Mend the parser', '--type', 'implement', '--priority', 'high', '--json'],
    { environment },
  );
  expect(created.json()).toMatchObject({ task: 'T002', plan: '001', status: 'ready' });
  expect(
    (await project.orbit(['block', '--needs', 'T002', 'the parser is broken', '--json'], { environment })).json(),
  ).toMatchObject({ task: 'T1', status: 'blocked' });
  expect((await project.orbit(['claim', '--agent', 'claude', '--json'])).json()).toMatchObject({ task: 'T002' });
  await project.orbit(['complete', 'T002', '--no-changes', 'was my mistake']);
  expect(await statusOf(project, 'T1')).toBe('ready');
});

test('P3 an attempt edits what it made until somebody has finished that, and never says that it was merged', async () => {
  using project = await startedProject('T1');
  const environment = { ORBIT_TOKEN: '1', ORBIT_AGENT: 'claude', ORBIT_PLAN: '001', ORBIT_TASK: 'T1' };
  await project.orbit(['create', '--title', 'Mend the parser', '--json'], { environment });
  const edit = async (...flags: string[]): Promise<Record<string, unknown>> =>
    (await project.orbit(['edit', 'T002', ...flags, '--json'], { environment })).json();
  expect(await edit('--title', 'Mend the reader')).toMatchObject({ task: 'T002', status: 'ready' });
  expect((await edit('--pr', '1', '--pr-status', 'merged'))['error']).toMatchObject({ code: 'not-yours' });
  await project.orbit(['claim', '--agent', 'codex', '--task', 'T002', '--json']);
  await project.orbit(['complete', 'T002', '--no-changes', 'nothing to mend']);
  expect((await edit('--pr', '1'))['error']).toMatchObject({ code: 'not-yours' });
});

test('a question goes to the inbox, and the answer to the next attempt', async () => {
  using project = await startedProject('T1');
  await project.orbit(['block', 'T1', '--question', 'keep the old flag?']);
  const inbox = (await project.orbit(['inbox', '--json'])).json() as { tasks: { id: string; reason: string }[] };
  expect(inbox.tasks).toEqual([expect.objectContaining({ id: 'T1', reason: 'keep the old flag?' })]);
  expect((await project.orbit(['claim', '--agent', 'claude', '--task', 'T1', '--json'])).json()['error']).toMatchObject(
    { code: 'task-held' },
  );
  expect((await project.orbit(['retry', 'T1', '--advice', 'no, drop it', '--json'])).json()).toMatchObject({
    status: 'ready',
  });
  expect((await project.orbit(['show', 'T1', '--json'])).json()).toMatchObject({ advice: 'no, drop it' });
});

test('fail tries again after a wait, close and cancel end, reopen takes it back, why explains each', async () => {
  using project = await startedProject('T1', 'T2: T1', 'T3');
  const { orbit } = project;
  expect((await orbit(['fail', 'T1', 'no such call', '--json'])).json()).toMatchObject({ status: 'waiting' });
  const why = (await orbit(['why', 'T1', '--json'])).json();
  expect(why['because']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ rule: 'retry-at', unblockedBy: expect.stringContaining('orbit retry') }),
    ]),
  );
  expect((await orbit(['close', 'T1', '--reason', 'done elsewhere', '--json'])).json()).toMatchObject({
    status: 'landed',
  });
  expect(await statusOf(project, 'T2')).toBe('ready');
  expect((await orbit(['reopen', 'T1', '--json'])).json()).toMatchObject({
    status: expect.not.stringMatching('landed'),
  });
  expect(await statusOf(project, 'T2')).toBe('blocked');
  expect((await orbit(['cancel', 'T3', '--json'])).json()).toMatchObject({ status: 'cancelled' });
  expect((await orbit(['start', 'T3', '--json'])).json()['error']).toMatchObject({ code: 'task-ended' });
});

test('pause keeps new work back, of a plan or of a task; resume gives it out again', async () => {
  using project = await startedProject('T1', 'T2');
  const { orbit } = project;
  await orbit(['pause', '001', '--reason', 'release week']);
  expect((await orbit(['start', 'T2', '--json'])).json()['error']).toMatchObject({ code: 'plan-paused' });
  await orbit(['resume', '001']);
  await orbit(['pause', 'T2']);
  expect((await orbit(['start', 'T2', '--json'])).json()['error']).toMatchObject({ code: 'task-held' });
  await orbit(['resume', 'T2']);
  expect((await orbit(['start', 'T2', '--agent', 'codex'])).code).toBe(0);
});

test('B7 create, edit, dep and show; a ring is refused and changes nothing', async () => {
  using project = await makeProject();
  const { orbit } = project;
  await orbit(['create', '--plan', 'p', '--id', 'F1', '--title', 'Feature', '--type', 'plan']);
  await orbit(['create', '--plan', 'p', '--id', 'A', '--title', 'One', '--parent', 'F1', '--scope', 'src/**']);
  await orbit(['create', '--plan', 'p', '--id', 'B', '--title', 'Two', '--parent', 'F1', '--needs', 'A']);
  expect((await orbit(['create', '--plan', 'p', '--id', 'B', '--title', 'Again'])).code).toBe(3);
  const ring = await orbit(['dep', 'add', 'A', 'B', '--json']);
  expect([ring.code, ring.json()['error']]).toEqual([3, expect.objectContaining({ code: 'cycle' })]);
  expect((await orbit(['show', 'A', '--json'])).json()).toMatchObject({ dependencies: [], dependants: ['B'] });
  expect((await orbit(['dep', 'rm', 'B', 'A', '--json'])).json()).toMatchObject({ dependencies: [], status: 'ready' });
  await orbit(['edit', 'B', '--agent', 'claude', '--title', 'Two, better', '--priority', 'high']);
  expect((await orbit(['show', 'B', '--json'])).json()).toMatchObject({
    agent: 'claude',
    title: 'Two, better',
    priority: 10,
  });
  expect((await orbit(['show', 'F1', '--json'])).json()).toMatchObject({
    children: [expect.objectContaining({ id: 'A' }), expect.objectContaining({ id: 'B' })],
  });
  expect((await orbit(['stats', '--json'])).json()).toMatchObject({ total: 3, byStatus: { ready: 3 } });
});

test('A2 A4 a pull request is a fact of its own beside completion', async () => {
  using project = await startedProject('T1', 'T2: T1');
  const { orbit, repository, directory } = project;
  repository.write({ work: 'x' });
  repository.commit('Work');
  await orbit(['complete', 'T1', '--pr', '#7']);
  expect(await statusOf(project, 'T2')).toBe('ready');
  const progress = (): Record<string, unknown> =>
    (
      JSON.parse(readFileSync(join(directory, 'specs/001/agent-tasks/.progress.json'), 'utf8')) as {
        tasks: Record<string, Record<string, unknown>>;
      }
    ).tasks['T1'] ?? {};
  expect(progress()).toMatchObject({ status: 'completed', agent: 'claude', pr: '#7', pr_status: 'pending_review' });
  expect((await orbit(['edit', 'T1', '--no-pr', '--pr', '7'])).code).toBe(2);
  await orbit(['edit', 'T1', '--no-pr']);
  expect(progress()).toEqual(expect.not.objectContaining({ pr: expect.anything() }));
  expect(progress()).toMatchObject({ status: 'completed', agent: 'claude' });
  expect((await orbit(['edit', 'T1', '--no-pr', '--json'])).json()['error']).toMatchObject({
    code: 'nothing-to-answer',
  });
  await orbit(['edit', 'T1', '--pr', '7', '--pr-status', 'merged']);
  expect((await orbit(['edit', 'T1', '--no-pr', '--json'])).json()['error']).toMatchObject({ code: 'task-ended' });
  expect(progress()).toMatchObject({ pr_status: 'merged' });
  expect(await statusOf(project, 'T1')).toBe('landed');
});

test('A3 a box ticked by hand closes the task; one unticked by hand is ticked again', async () => {
  using project = await startedProject('T1', 'T2: T1', 'T3');
  const { orbit, directory } = project;
  await orbit(['complete', 'T1', '--no-changes', 'nothing to do']);
  const file = join(directory, 'specs/001/agent-tasks/layered-tasks.md');
  const text = readFileSync(file, 'utf8');
  project.plan('001', text.replace('- [ ] T3', '- [x] T3').replace('- [x] T1', '- [ ] T1'));
  expect((await orbit(['list', '001', '--json'])).json()['tasks']).toEqual([
    expect.objectContaining({ id: 'T1', status: 'landed' }),
    expect.objectContaining({ id: 'T2', status: 'ready' }),
    expect.objectContaining({ id: 'T3', status: 'landed' }),
  ]);
  expect(readFileSync(file, 'utf8')).toBe(text.replace('- [ ] T3', '- [x] T3'));
});

test('I12 messages arrive in order, once, until acknowledged; findings are found', async () => {
  using project = await startedProject('T1');
  const { orbit } = project;
  for (const text of ['one', 'two']) await orbit(['send', 'claude', text, '--task', 'T1']);
  await orbit(['send', 'claude', 'twice', '--id', 'same']);
  await orbit(['send', 'claude', 'twice', '--id', 'same']);
  const read = async (): Promise<unknown[]> =>
    ((await orbit(['read', '--for', 'claude', '--json'])).json()['messages'] as { text: string }[]).map(
      ({ text }) => text,
    );
  expect(await read()).toEqual(['one', 'two', 'twice']);
  expect((await orbit(['ack', '--for', 'claude', '--json'])).json()).toEqual({ acknowledged: 3 });
  expect(await read()).toEqual([]);
  await orbit(['note', 'Tests need a clock', 'inject it', '--path', 'src/clock.ts'], {
    environment: { ORBIT_TOKEN: '1', ORBIT_AGENT: 'claude', ORBIT_PLAN: '001', ORBIT_TASK: 'T1' },
  });
  expect((await orbit(['notes', 'clock', '--json'])).json()['notes']).toEqual([
    expect.objectContaining({ title: 'Tests need a clock', author: 'claude', task: '001/T1' }),
  ]);
});

test('P1 what was completed by hand is kept, and comes back as a branch', async () => {
  using project = await startedProject('T1');
  const { orbit, repository } = project;
  repository.git('checkout', '-q', '-b', 'work');
  repository.write({ work: 'x' });
  const commit = repository.commit('Work');
  await orbit(['complete', 'T1']);
  repository.git('checkout', '-q', 'main');
  repository.git('branch', '-q', '-D', 'work');
  const kept = (await orbit(['recover', 'T1', '--json'])).json()['kept'] as { ref: string; commit: string }[];
  expect(kept).toEqual([expect.objectContaining({ commit })]);
  await orbit(['recover', '--restore', kept[0]?.ref ?? '', '--branch', 'back']);
  expect(repository.git('rev-parse', 'back')).toBe(commit);
});
