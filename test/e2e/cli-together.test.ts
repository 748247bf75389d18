/** Several processes on one project: agents run by hand in worktrees of their own, and races for the same work. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, planText, type OrbitProject } from '../support/orbit-project.ts';

/** 30 tasks in three layers of ten; each needs one of the layer below. */
function thirtyTasks(): string {
  const layers = [0, 1, 2].map((layer) => {
    const tasks = Array.from({ length: 10 }, (_, at) => {
      const number = layer * 10 + at + 1;
      const needs = layer === 0 ? 'None' : `T${String(number - 10).padStart(3, '0')}`;
      return `- [ ] T${String(number).padStart(3, '0')} @any Task ${number}\n      Dependencies: ${needs}\n      Files: src/${number}.txt\n`;
    });
    return `## Layer ${layer + 1}: Part ${layer + 1}\n\n${tasks.join('')}`;
  });
  return `# Thirty tasks\n\n${layers.join('\n')}`;
}

/** What an agent does that somebody else runs: take a task, work on it, commit, report; until nothing is left for it. */
async function workByHand({ orbit, repository, directory }: OrbitProject, agent: string): Promise<string[]> {
  const cwd = `${directory}-${agent}`;
  repository.git('worktree', 'add', '-q', '-b', `work-${agent}`, cwd);
  const done: string[] = [];
  for (;;) {
    const claim = await orbit(['claim', '--agent', agent, '--plan', '001', '--json'], { cwd });
    if (claim.code === 3) {
      const open = (
        await orbit(['list', '--plan', '001', '--status', 'ready,blocked,running', '--json'], { cwd })
      ).json() as { tasks: unknown[] };
      if (open.tasks.length === 0) return done;
      continue;
    }
    const { task } = claim.json() as { task: string };
    repository.write({ [`src/${Number(task.slice(1))}.txt`]: `${agent}\n` }, cwd);
    repository.commit(`${task} by ${agent}`, cwd);
    const complete = await orbit(['complete', task, '--json'], { cwd });
    if (complete.code !== 0) throw new Error(`${task} of ${agent}: ${complete.stdout}`);
    done.push(task);
  }
}

test('A1 A2 A8 three agents in worktrees of their own share a plan of 30 tasks without a lost or doubled update', async () => {
  using project = await makeProject();
  project.plan('001', thirtyTasks());
  project.repository.commit('Plan');
  await project.orbit(['plan', '001']);

  const done = await Promise.all(['claude', 'codex', 'gemini'].map(async (agent) => workByHand(project, agent)));

  const all = done.flat().toSorted();
  expect(all).toEqual(Array.from({ length: 30 }, (_, at) => `T${String(at + 1).padStart(3, '0')}`));
  const { tasks } = (await project.orbit(['list', '--plan', '001', '--json'])).json() as {
    tasks: { status: string }[];
  };
  expect(tasks.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 'done'));
  const events = (await project.orbit(['events', '--json'])).json() as {
    events: { seq: number; type: string; task: string }[];
  };
  expect(events.events.map(({ seq }) => seq)).toEqual(events.events.map((_, at) => at + 1));
  for (const type of ['task-claimed', 'task-done']) {
    expect(
      events.events
        .filter((event) => event.type === type)
        .map(({ task }) => task)
        .toSorted(),
    ).toEqual(all);
  }
  expect((await project.orbit(['events', '--verify', '--json'])).json()).toMatchObject({ intact: true });

  const progress = JSON.parse(
    readFileSync(join(project.directory, 'specs/001/agent-tasks/.progress.json'), 'utf8'),
  ) as {
    layers: Record<string, { status: string; completed: number; total: number }>;
    tasks: Record<string, { status: string; agent: string }>;
  };
  expect(Object.values(progress.layers)).toEqual(
    [1, 2, 3].map(() => expect.objectContaining({ status: 'completed', completed: 10, total: 10 })),
  );
  expect(Object.values(progress.tasks).map(({ status }) => status)).toEqual(
    Array.from({ length: 30 }, () => 'completed'),
  );
  const plan = readFileSync(join(project.directory, 'specs/001/agent-tasks/layered-tasks.md'), 'utf8');
  expect(plan).toBe(thirtyTasks().replaceAll('- [ ]', '- [x]'));
});

test('A1 what one worktree reports, another sees at once', async () => {
  using project = await makeProject();
  const { orbit, repository, directory } = project;
  project.plan('001', planText('T1', 'T2: T1'));
  repository.commit('Plan');
  const [one, two] = [`${directory}-one`, `${directory}-two`];
  for (const cwd of [one, two]) repository.git('worktree', 'add', '-q', '--detach', cwd);
  repository.write({ 'sub/folder/file': 'x' }, two);
  await orbit(['start', 'T1', '--agent', 'claude'], { cwd: one });
  const status = async (cwd: string): Promise<unknown> =>
    (await orbit(['show', 'T1', '--json'], { cwd })).json()['status'];
  expect(await status(two)).toBe('running');
  await orbit(['complete', 'T1', '--no-changes', 'nothing to do'], { cwd: two });
  expect(await status(join(two, 'sub/folder'))).toBe('landed');
  expect((await orbit(['ready', '--json'], { cwd: one })).json()['tasks']).toEqual([
    expect.objectContaining({ id: 'T2' }),
  ]);
  expect((await orbit(['layer-status', '001', '--json'], { cwd: one })).json()).toMatchObject({
    completed: 1,
    total: 2,
  });
});

test('A8 of 32 processes that race for 20 tasks, 20 get one each and 12 are told that nothing is ready', async () => {
  using project = await makeProject();
  project.plan('001', planText(...Array.from({ length: 20 }, (_, at) => `T${at + 1}`)));
  await project.orbit(['plan', '001']);
  const answers = await Promise.all(
    Array.from({ length: 32 }, async (_, at) =>
      project.orbit(['claim', '--agent', `agent-${at + 1}`, '--plan', '001', '--json']),
    ),
  );
  const won = answers
    .filter(({ code }) => code === 0)
    .map((answer) => answer.json() as { task: string; token: number });
  expect(new Set(won.map(({ task }) => task)).size).toBe(20);
  expect(won.map(({ token }) => token).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
  expect(
    answers.filter(({ code }) => code === 3).map((answer) => (answer.json()['error'] as { code: string }).code),
  ).toEqual(Array.from({ length: 12 }, () => 'nothing-ready'));
});

test('A3 A8 a task is created by many at once, each with an id of its own', async () => {
  using project = await makeProject();
  const answers = await Promise.all(
    Array.from({ length: 8 }, async (_, at) =>
      project.orbit(['create', '--plan', 'p', '--title', `Task ${at}`, '--json']),
    ),
  );
  expect(answers.map((answer) => String(answer.json()['task'])).toSorted()).toEqual(
    Array.from({ length: 8 }, (_, at) => `T00${at + 1}`),
  );
});

test('D5 a scope that another holds keeps a task back, and why says whose', async () => {
  using project = await makeProject();
  project.plan(
    '001',
    '# P\n\n## Layer 1: A\n\n- [ ] T1 @any One\n      Files: src/**\n- [ ] T2 @any Two\n      Files: src/a.ts\n',
  );
  await project.orbit(['start', 'T1', '--agent', 'claude']);
  const answer = await project.orbit(['start', 'T2', '--agent', 'codex', '--json']);
  expect([answer.code, answer.json()['error']]).toEqual([3, expect.objectContaining({ code: 'scope-taken' })]);
  const because = (await project.orbit(['why', 'T2', '--json'])).json()['because'];
  expect(because).toContainEqual(expect.objectContaining({ rule: 'scope-held', holder: 'claude' }));
});

test('P9 finished work that nobody lands is told so by the queue, with no time that it would take', async () => {
  using project = await makeProject();
  const { orbit, repository, directory } = project;
  project.plan('001', planText('T1'));
  repository.commit('Plan');
  await orbit(['start', 'T1', '--agent', 'claude']);
  repository.write({ 'one.txt': 'x' }, directory);
  repository.commit('One');
  await orbit(['complete', 'T1']);
  const queue = (await orbit(['queue', '001', '--json'])).json();
  expect(queue).toMatchObject({ led: false, queue: [{ task: 'T1' }] });
  const text = (await orbit(['queue', '001'])).stdout;
  expect(text).toContain('Nothing lands until somebody leads: orbit run');
  expect(text).not.toContain('about');
});
