/** The orchestrator as a service: spawn, terminate, shut down from other processes, on real runners and agents. Needs a build. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { bundle, makeProject, patience, type Project } from '../support/e2e.ts';

const waits = 'T001-1) tell began; echo half > half.txt; await go ;;\n';

/** What agents of a test wait for. */
function tell(project: Project, name: string): void {
  const meet = join(project.outside, 'meet');
  mkdirSync(meet, { recursive: true });
  writeFileSync(join(meet, name), '');
}

/** Coordinators that were started for a request end by themselves. */
async function untilQuiet(project: Project): Promise<void> {
  await until(() => project.processes().length === 0);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((look) => setTimeout(look, 20));
}

test(
  'D2 E2 spawn starts a coordinator where none leads, answers when the agent is at work, and its work lands',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 First': [], 'T002 Second': [] }),
      settings: shellSettings(2),
      files: { 'agent.sh': shellAgent('T001-1) tell began; await go; own ;;') },
    });
    const spawned = await project.orbit('spawn', 'T001', '--agent', 'sh', '--loop', 'engineering-loop', '--json');
    expect(spawned.json).toMatchObject({ task: 'T001', agent: 'sh-1', state: 'ready', loop: 'engineering-loop' });
    const { id } = spawned.json as { id: string };
    expect((await project.orbit('agents', '--json')).json).toMatchObject({ agents: [{ agent: 'sh-1', task: 'T001' }] });
    const again = await project.orbit('spawn', 'T001', '--json');
    expect([again.code, again.json]).toMatchObject([3, { error: { code: 'task-claimed' } }]);
    tell(project, 'go');
    await untilQuiet(project);
    // Only what was asked for: T002 is left alone.
    expect(landedTasks(project.repository)).toEqual(['T001']);
    await using store = await project.store();
    const attempt = await store.attempt(Number(id));
    expect(attempt).toMatchObject({ outcome: 'done', agent: 'sh-1' });
    const prompt = (await store.events({ since: 0, task: '001/T001' })).find(
      ({ body }) => body.type === 'task-advised',
    );
    expect(prompt?.body).toMatchObject({ advice: expect.stringContaining('Write a test that fails') as string });
    expect((await store.task('001/T002'))?.task.attempts).toBe(0);
  },
);

test('D2 spawn says why not: no such agent, not ready, no slot, an agent that cannot start', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 First': [], 'T002 Second': [], 'T003 Third': ['Dependencies: T001'] }),
    settings: {
      ...shellSettings(1),
      agents: {
        sh: { adapter: 'command', command: ['./agent.sh'], slots: 1 },
        gone: { adapter: 'command', command: ['./not-there.sh'], slots: 1 },
      },
    },
    files: { 'agent.sh': shellAgent('T001-1) await go; own ;;') },
  });
  const refused = async (...args: string[]): Promise<unknown> => {
    const { code, json } = await project.orbit('spawn', ...args, '--json');
    return [code, (json as { error: { code: string } }).error.code];
  };
  expect(await refused('T001', '--agent', 'nobody')).toEqual([2, 'unknown-agent']);
  expect(await refused('--module', 'nothing')).toEqual([2, 'unknown-module']);
  expect(await refused('T001', '--loop', 'nothing')).toEqual([2, 'unknown-loop']);
  expect((await project.orbit('spawn', 'T001', '--agent', 'sh')).code).toBe(0);
  expect(await refused('T003', '--agent', 'sh')).toEqual([3, 'no-slot']);
  expect(await refused('T003', '--agent', 'gone')).toEqual([3, 'task-not-ready']);
  expect(await refused('T002', '--agent', 'gone')).toEqual([3, 'agent-ended']);
  expect(await refused('T001', 'T003', '--parallel')).toEqual([3, 'not-independent']);
  tell(project, 'go');
  await untilQuiet(project);
});

test('E2 terminate ends the agent, saves its work, and gives the task back or holds it', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 First': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent(`${waits}T001-2) await go; own ;;`) },
  });
  const run = project.run('001');
  await run.until(({ type }) => type === 'attempt-prepared');
  const first = await project.orbit('terminate', 'sh-1', '--json');
  expect(first.json).toMatchObject({ id: '1', task: 'T001', outcome: 'released' });
  // The run that leads gives it out again.
  await run.until(({ type, attempt }) => type === 'attempt-prepared' && attempt === 2);
  const second = await project.orbit('terminate', 'T001', '--hold', '--reason', 'the design changed', '--json');
  expect(second.json).toMatchObject({ id: '2', outcome: 'released', status: 'waiting' });
  expect((await project.orbit('terminate', '2', '--json')).json).toMatchObject({ error: { code: 'not-running' } });
  expect((await run.ended).code).toBe(4);
  expect(project.processes()).toEqual([]);
  await project.orbit('resume', 'T001');
  tell(project, 'go');
  const next = project.run('001');
  expect((await next.ended).summary).toMatchObject({ landed: 1 });
});

test('E1 shutdown ends the run that leads, from another process, with its work saved', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 First': [], 'T002 Second': ['Dependencies: T001'] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent(waits) },
  });
  expect((await project.orbit('shutdown', '--json')).json).toMatchObject({ asked: false, state: 'no-coordinator' });
  const run = project.run('001');
  await run.until(({ type }) => type === 'attempt-prepared');
  await until(() => existsSync(join(project.outside, 'meet', 'began')));
  await using store = await project.store();
  const answer = await project.orbit('shutdown', '--reason', 'going home', '--json');
  expect(answer.json).toMatchObject({ asked: true, state: 'stopped', live: 0, leader: null });
  const { code, summary } = await run.ended;
  expect([code, summary]).toMatchObject([130, { landed: 0, attempts: 1 }]);
  expect(run.stderr()).toContain('Asked to shut down by person:');
  expect(project.processes()).toEqual([]);
  expect(await store.attempt(1)).toMatchObject({ outcome: 'released' });
  const kept = (await project.orbit('recover', '--json')).stdout;
  expect(kept).toContain('T001');
});

test('D2 reassign ends who works on a task and gives it to another agent', patience, async () => {
  const command = { adapter: 'command', command: ['./agent.sh'], slots: 1 };
  const project = await makeProject({
    plan: planText({ 'T001 First': [] }),
    settings: { agents: { sh: command, other: command }, retryDelayMs: 50 },
    files: { 'agent.sh': shellAgent('T001-1) await go; own ;;') },
  });
  const run = project.run('001', '--agents', 'sh,other');
  const claimed = await run.until(({ type }) => type === 'task-claimed');
  await run.until(({ type }) => type === 'attempt-prepared');
  expect(claimed.data).toMatchObject({ agent: 'sh-1' });
  const answer = await project.orbit('reassign', 'T001', 'other', '--json');
  expect(answer.json).toMatchObject({ task: 'T001', agent: 'other', ended: { token: 1, agent: 'sh-1' } });
  expect((await run.ended).code).toBe(0);
  expect(run.events.filter(({ type }) => type === 'task-claimed').map(({ data }) => data['agent'])).toEqual([
    'sh-1',
    'other-1',
  ]);
  expect((await project.orbit('reassign', 'T001', 'nobody', '--json')).json).toMatchObject({
    error: { code: 'unknown-agent' },
  });
});

test('E12 the state of all is exported under the name of the system, by atomic replace', patience, async () => {
  const project = await makeProject({ plan: planText({ 'T001 First': [] }), settings: shellSettings(1) });
  await project.orbit('plan', '001');
  const written = (await project.orbit('export', 'state', '--json')).json as { systemId: string; file: string };
  expect(written.file).toBe(join(project.directory, 'data/orchestrators', `${written.systemId}.json`));
  const state = JSON.parse(project.read(`data/orchestrators/${written.systemId}.json`)) as Record<string, unknown>;
  expect(state).toMatchObject({
    format: 'orbit-orchestrator',
    formatVersion: 1,
    orchestrator: { systemId: written.systemId, state: 'no-coordinator', concurrency: { mode: 'sequential' } },
    plans: [{ id: '001' }],
    tasks: [{ key: '001/T001', unmet: 0 }],
    attempts: [],
    eventsCursor: expect.stringMatching(/^\d+$/) as string,
  });
  expect(project.repository.git('status', '--porcelain', '--', 'data')).toBe('');
  expect((await project.orbit('export', 'state', '--out', '-')).json).toMatchObject({ format: 'orbit-orchestrator' });
});

test(
  'D2 E2 many spawns at once start one coordinator, which answers each; what is given back is not given out again',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 First': [], 'T002 Second': [], 'T003 Third': [] }),
      settings: shellSettings(3),
      files: { 'agent.sh': shellAgent('T00[123]-1) await go; own ;;') },
    });
    const asked = await Promise.all(['T001', 'T002', 'T003'].map(async (id) => project.orbit('spawn', id, '--json')));
    expect(asked.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(asked.map(({ json }) => (json as { agent: string }).agent).toSorted()).toEqual(['sh-1', 'sh-2', 'sh-3']);
    await using store = await project.store();
    const started = (await store.events({ since: 0 })).filter(({ body }) => body.type === 'coordinator-started');
    expect(started).toHaveLength(1);
    expect((await project.orbit('why', 'T001', '--json')).code).toBe(0);
    expect((await project.orbit('terminate', 'T001', '--json')).json).toMatchObject({
      outcome: 'released',
      status: 'ready',
    });
    expect((await project.orbit('why', 'T001')).stdout).toContain('gives out only what it is asked for');
    tell(project, 'go');
    await untilQuiet(project);
    expect(landedTasks(project.repository).toSorted()).toEqual(['T002', 'T003']);
    expect((await store.task('001/T001'))?.task.attempts).toBe(1);
  },
);

test('E2 a run that leads performs spawns within its plans, by its agents, and refuses others', patience, async () => {
  const other = 'specs/002/agent-tasks/layered-tasks.md';
  const command = { adapter: 'command', command: ['./agent.sh'], slots: 1 };
  const project = await makeProject({
    plan: planText({ 'T001 @sh First': [], 'T002 @sh Second': [] }),
    settings: { agents: { sh: { ...command, slots: 2 }, idle: command } },
    files: { 'agent.sh': shellAgent('T00[12]-1) await go; own ;;'), [other]: planText({ 'U001 Other': [] }) },
  });
  await project.orbit('plan', '002');
  const run = project.run('001', '--agents', 'sh:1');
  await run.until(({ type }) => type === 'attempt-prepared');
  const refused = async (...args: string[]): Promise<unknown> =>
    ((await project.orbit('spawn', ...args, '--json')).json as { error: { code: string } }).error.code;
  expect(await refused('U001')).toBe('other-plans');
  expect(await refused('T002', '--agent', 'idle')).toBe('no-slot');
  expect(await refused('T002')).toBe('no-slot');
  tell(project, 'go');
  expect((await run.ended).summary).toMatchObject({ landed: 2 });
});

test(
  'E2 B9 a coordinator on request that is killed is followed by another, which lands what its agent finished',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 First': [], 'T002 Second': [] }),
      settings: shellSettings(2),
      files: { 'agent.sh': shellAgent('T00[12]-1) await go; own ;;') },
    });
    expect((await project.orbit('spawn', 'T001')).code).toBe(0);
    const [leader] = project.processes().filter(({ command }) => command.includes('--on-request'));
    process.kill(leader?.pid ?? 0, 'SIGKILL');
    expect((await project.orbit('spawn', 'T002', '--json')).json).toMatchObject({ state: 'ready' });
    tell(project, 'go');
    await untilQuiet(project);
    expect(landedTasks(project.repository).toSorted()).toEqual(['T001', 'T002']);
  },
);

test('E2 terminate by force ends what does not listen, and gives back what was claimed by hand', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 First': [], 'T002 Second': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent("T001-1) trap '' TERM; echo half > half.txt; tell began; await go ;;") },
  });
  expect((await project.orbit('spawn', 'T001')).code).toBe(0);
  await until(() => existsSync(join(project.outside, 'meet', 'began')));
  const ended = await project.orbit('terminate', 'sh-1', '--now', '--hold', '--json');
  expect(ended.json).toMatchObject({ outcome: 'released', status: 'waiting' });
  await untilQuiet(project);
  expect((await project.orbit('recover', '--json')).stdout).toContain('T001');
  await project.orbit('start', 'T002', '--agent', 'ada');
  expect((await project.orbit('terminate', 'ada', '--json')).json).toMatchObject({ task: 'T002', status: 'ready' });
});

test('I17 D1 an agent spawns, ends and shuts down nobody, also without its variables', patience, async () => {
  const orbit = `"${process.execPath}" "${bundle}"`;
  const attempts = ['spawn T002', 'terminate T001', 'shutdown', 'reassign T002 sh']
    .map(
      (verb) =>
        `env -u ORBIT_TOKEN -u ORBIT_TASK -u ORBIT_AGENT -u ORBIT_CAPABILITY ${orbit} ${verb} --json >> "$meet/said" || true`,
    )
    .join('\n');
  const project = await makeProject({
    plan: planText({ 'T001 First': [], 'T002 Second': ['Dependencies: T001'] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent(`T001-1) ${orbit} spawn T002 --json > "$meet/said" || true\n${attempts}\nown ;;`) },
  });
  const run = project.run('001');
  expect((await run.ended).summary).toMatchObject({ landed: 2 });
  const said = readFileSync(join(project.outside, 'meet', 'said'), 'utf8')
    .trim()
    .split('\n');
  expect(said.map((line) => (JSON.parse(line) as { error: { code: string } }).error.code)).toEqual(
    Array.from({ length: 5 }, () => 'not-yours'),
  );
});

test(
  'E11 E2 agents for what matters most go to modules by priority, and not before those that come first',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 First': ['Files: a/**'], 'T002 Second': ['Files: b/**'], 'T003 Third': ['Files: c/**'] }),
      settings: shellSettings(3, {
        modules: {
          a: { scope: ['a/**'], dependencies: ['b'], priority: 9 },
          b: { scope: ['b/**'] },
          c: { scope: ['c/**'], priority: 2 },
        },
      }),
      files: { 'agent.sh': shellAgent('T00[123]-1) await go; exit 3 ;;') },
    });
    const auto = await project.orbit('spawn', '--auto', '--json');
    expect(auto.json).toMatchObject({
      spawned: [
        { task: 'T003', module: 'c' },
        { task: 'T002', module: 'b' },
      ],
      refused: [],
      concurrency: { mode: 'parallel-async' },
    });
    // By name it is started all the same.
    expect((await project.orbit('spawn', '--module', 'a', '--json')).json).toMatchObject({ task: 'T001', module: 'a' });
    const none = await project.orbit('spawn', '--auto', '--json');
    expect([none.code, none.json]).toMatchObject([3, { error: { code: 'nothing-ready' } }]);
    expect((await project.orbit('shutdown', '--json')).json).toMatchObject({ state: 'stopped', live: 0 });
    await untilQuiet(project);
  },
);
