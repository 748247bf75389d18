/** The literal JSON shapes and exit codes that scripts rely on (DESIGN.md, section 8). */
import { expect, test } from 'vitest';
import { makeProject, planText } from '../support/orbit-project.ts';

test('A7 A8 a task from claim to done answers in the literal shapes', async () => {
  using project = await makeProject();
  const { orbit, repository } = project;
  project.plan('001', planText('T031', 'T032: T031'));
  repository.commit('Plan');

  const ready = (await orbit(['ready', '--plan', '001', '--json'])).json() as { tasks: object[] };
  expect(ready.tasks).toEqual([
    expect.objectContaining({
      id: 'T031',
      title: 'Task T031',
      status: 'ready',
      layer: 1,
      agent: null,
      dependencies: [],
      waitingFor: [],
      score: expect.any(Number),
    }),
  ]);
  const blocked = (await orbit(['blocked', '--plan', '001', '--json'])).json();
  expect(blocked['tasks']).toEqual([
    expect.objectContaining({ id: 'T032', status: 'blocked', dependencies: ['T031'], waitingFor: ['T031'] }),
  ]);

  const claim = await orbit(['claim', '--agent', 'claude', '--plan', '001', '--json']);
  expect(claim.code).toBe(0);
  expect(claim.json()).toMatchObject({
    task: 'T031',
    title: 'Task T031',
    attempt: 1,
    token: 1,
    branch: 'main',
    workspace: project.directory,
  });
  const nothing = await orbit(['claim', '--agent', 'claude', '--plan', '001', '--json']);
  expect(nothing.code).toBe(3);
  expect(nothing.json()).toEqual({
    error: { code: 'nothing-ready', message: expect.any(String), hint: expect.any(String) },
  });

  repository.write({ 'work.txt': 'done\n' });
  const commit = repository.commit('Do T031');
  const complete = await orbit(['complete', 'T031', '--pr', '123', '--json']);
  expect(complete.json()).toMatchObject({ task: 'T031', status: 'done', evidence: commit });
  expect((await orbit(['show', 'T031', '--json'])).json()).toMatchObject({
    status: 'done',
    pullRequest: { number: 123, status: 'pending_review' },
  });

  const events = (await orbit(['events', '--since', '3', '--json'])).json() as { events: Record<string, unknown>[] };
  expect(events.events.map(({ seq }) => seq)).toEqual(events.events.map((_, at) => at + 4));
  expect(Object.keys(events.events[0] ?? {})).toEqual(
    expect.arrayContaining(['seq', 'at', 'actor', 'type', 'task', 'attempt', 'data']),
  );
  const why = (await orbit(['why', 'T032', '--json'])).json();
  expect(why).toMatchObject({
    task: 'T032',
    status: 'ready',
    because: [{ rule: expect.any(String), holder: null, unblockedBy: expect.any(String) }],
  });
  expect(Object.keys((why['because'] as object[])[0] ?? {})).toEqual(
    expect.arrayContaining(['rule', 'since', 'holder', 'unblockedBy']),
  );
  const list = (await orbit(['list', '--plan', '001', '--status', 'ready,done', '--json'])).json() as {
    tasks: { id: string }[];
  };
  expect(list.tasks.map(({ id }) => id)).toEqual(['T031', 'T032']);
});

test('B4 P2 complete without commits gives the reason as its evidence', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1'));
  project.repository.commit('Plan');
  await project.orbit(['start', 'T1', '--agent', 'claude']);
  const bare = await project.orbit(['complete', 'T1', '--json']);
  expect([bare.code, bare.json()['error']]).toEqual([3, expect.objectContaining({ code: 'no-evidence' })]);
  const answer = await project.orbit(['complete', 'T1', '--no-changes', 'was fixed before', '--json']);
  expect(answer.json()).toMatchObject({ task: 'T1', evidence: 'was fixed before' });
});

test('A7 complete twice: the second is refused and changes nothing', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1'));
  project.repository.commit('Plan');
  await project.orbit(['start', 'T1', '--agent', 'claude']);
  await project.orbit(['complete', 'T1', '--no-changes', 'nothing to do']);
  const before = (await project.orbit(['events', '--json'])).stdout;
  const again = await project.orbit(['complete', 'T1', '--no-changes', 'again', '--json']);
  expect([again.code, again.json()['error']]).toEqual([3, expect.objectContaining({ code: 'already-done' })]);
  expect((await project.orbit(['events', '--json'])).stdout).toBe(before);
});

test('P3 a stale token changes nothing, by flag and by environment', async () => {
  using project = await makeProject();
  const { orbit } = project;
  project.plan('001', planText('T1'));
  project.repository.commit('Plan');
  await orbit(['start', 'T1', '--agent', 'claude']);
  await orbit(['release', 'T1']);
  await orbit(['start', 'T1', '--agent', 'codex']);
  const stale = { ORBIT_TOKEN: '1', ORBIT_AGENT: 'claude', ORBIT_PLAN: '001', ORBIT_TASK: 'T1' };
  const calls = [
    await orbit(['complete', 'T1', '--token', '1', '--no-changes', 'x', '--json']),
    await orbit(['complete', '--no-changes', 'x', '--json'], { environment: stale }),
    await orbit(['handoff', 'notes', '--json'], { environment: stale }),
    await orbit(['fail', 'broken', '--json'], { environment: stale }),
    await orbit(['block', 'stuck', '--json'], { environment: stale }),
    await orbit(['beat', '--json'], { environment: stale }),
  ];
  for (const call of calls)
    expect([call.code, call.json()['error']]).toEqual([3, expect.objectContaining({ code: 'lease-lost' })]);
  expect((await orbit(['show', 'T1', '--json'])).json()).toMatchObject({
    status: 'running',
    claim: { agent: 'codex', token: 2 },
  });
});

test('P3 an attempt acts on its own task only', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1', 'T2'));
  project.repository.commit('Plan');
  await project.orbit(['start', 'T1', '--agent', 'claude']);
  await project.orbit(['start', 'T2', '--agent', 'codex']);
  const environment = { ORBIT_TOKEN: '1', ORBIT_AGENT: 'claude', ORBIT_PLAN: '001', ORBIT_TASK: 'T1' };
  for (const args of [
    ['complete', 'T2', '--no-changes', 'x'],
    ['release', 'T2'],
    ['cancel', 'T2'],
    ['claim', '--agent', 'claude'],
  ]) {
    const answer = await project.orbit([...args, '--json'], { environment });
    expect([args, answer.code, answer.json()['error']]).toEqual([
      args,
      3,
      expect.objectContaining({ code: 'not-yours' }),
    ]);
  }
});

test('errors are words on standard error, or JSON on standard output, with the exit code of their class', async () => {
  using project = await makeProject();
  const { orbit } = project;
  const cases: [args: string[], code: number, name: string, says: RegExp][] = [
    [['lisst'], 2, 'unknown-command', /did you mean orbit list/],
    [['ready', '--pln', '1'], 2, 'bad-flag', /did you mean --plan/],
    [['start'], 2, 'missing-argument', /needs a task/],
    [['start', 'T1', 'T2'], 2, 'bad-flag', /too much/],
    [['start', 'T404'], 2, 'unknown-task', /no task T404/],
    [['ready', '--plan', '404'], 2, 'unknown-plan', /no plan 404/],
    [['ready', '--limit', 'many'], 2, 'bad-flag', /number/],
    [['import', 'jira', 'x.md'], 2, 'unknown-format', /jira/],
    [['import', 'spec-kit', 'missing.md'], 2, 'file-not-found', /missing\.md/],
    [['run', '001'], 2, 'unknown-agent', /orbit\.config\.json/],
  ];
  for (const [args, code, name, says] of cases) {
    const words = await orbit(args);
    expect([args, words.code, words.stdout]).toEqual([args, code, '']);
    expect(words.stderr).toMatch(says);
    const json = await orbit([...args, '--json']);
    expect([args, json.code, json.stderr, json.json()['error']]).toEqual([
      args,
      code,
      '',
      expect.objectContaining({ code: name }),
    ]);
  }
});

test('P9 A6 who may start what, and what the others wait for', async () => {
  using project = await makeProject();
  const { orbit } = project;
  project.plan('001', planText('T1 @claude One', 'T2 @codex Two', 'T3 @any Three', 'T4 @claude Four: T2'));
  for (const args of [
    ['available-tasks', '001', '--agent', 'claude'],
    ['list-available', '--for', 'claude', '--plan', '001'],
  ]) {
    const answer = (await orbit([...args, '--json'])).json() as {
      available: { id: string }[];
      blocked: { id: string; waitingFor: string[] }[];
    };
    expect(answer.available.map(({ id }) => id).toSorted()).toEqual(['T1', 'T3']);
    expect(answer.blocked).toEqual([expect.objectContaining({ id: 'T4', waitingFor: ['T2'] })]);
  }
  const words = (await orbit(['available-tasks', '001', '--agent', 'claude'])).stdout;
  expect(words.indexOf('T1 One')).toBeLessThan(words.indexOf('T4 Four - waits for T2'));
});
