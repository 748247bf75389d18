/** How a run ends before its work does: another takes over, Ctrl-C once, Ctrl-C twice. Nothing may be lost or left running. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

/** Two tasks whose first agents write, say so and never end by themselves; `deaf` ones do not even end when asked. */
async function hangingProject(deaf: boolean): Promise<Project> {
  const hang = `echo half > "$ORBIT_TASK.half"; tell "$ORBIT_TASK"; ${deaf ? `trap '' TERM; ` : ''}while :; do sleep 0.1; done ;;`;
  return makeProject({
    plan: planText({ 'T001 One': [], 'T002 Two': [] }),
    settings: shellSettings(2),
    files: { 'agent.sh': shellAgent(`T00?-1) ${hang}`) },
  });
}

test(
  'B9 I1 a second run stands by and takes over when the first is killed; agents notice nothing',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 One': [], 'T002 Two': ['Dependencies: T001'] }),
      settings: shellSettings(2),
      files: { 'agent.sh': shellAgent('T001-1) tell started; await go; own ;;') },
    });
    const first = project.run('001');
    await first.until(({ type }) => type === 'attempt-prepared');
    const second = project.run('001');
    await second.says('standing by');
    first.signal('SIGKILL');
    await second.until(({ type }) => type === 'coordinator-started');
    tell(project, 'go');
    const { code, summary } = await second.ended;
    expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 2 });
    expect(second.events.filter(({ type }) => type === 'attempt-ended')).toEqual([]);
    expect(landedTasks(project.repository)).toEqual(['T001', 'T002']);
    expect(project.processes()).toEqual([]);
  },
);

test(
  'B9 P1 I15 Ctrl-C once: tasks are given back, work is saved, nothing runs on, and the next run goes on',
  patience,
  async () => {
    const project = await hangingProject(false);
    const before = project.checkout();
    const run = project.run('001');
    await bothHang(project);
    run.signal('SIGINT');
    const { code, summary } = await run.ended;
    expect({ code, drained: summary }).toEqual({
      code: 130,
      drained: expect.objectContaining({ drained: true, landed: 0 }),
    });
    expect(run.events.filter(({ type }) => type === 'attempt-ended').map(({ data }) => data['outcome'])).toEqual([
      'released',
      'released',
    ]);
    await expectClean(project, before);
    await expectGoesOn(project);
  },
);

test(
  'B9 P1 I15 Ctrl-C twice: agents that do not listen are ended by force, work is saved, and the next run goes on',
  patience,
  async () => {
    const project = await hangingProject(true);
    const before = project.checkout();
    const run = project.run('001');
    await bothHang(project);
    run.signal('SIGINT');
    await run.says('Stopping');
    run.signal('SIGINT');
    expect((await run.ended).code).toBe(130);
    await expectClean(project, before);
    await expectGoesOn(project);
  },
);

test('I15 Ctrl-C twice ends the check of a landing as well', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: shellSettings(1, { landing: { checks: ['./check.sh'] } }),
    files: {
      'agent.sh': shellAgent(''),
      'check.sh': `#!/bin/sh\ntouch "$(git rev-parse --path-format=absolute --git-common-dir)/../../checking"\ntrap '' TERM\nwhile :; do sleep 0.1; done\n`,
    },
  });
  const run = project.run('001');
  await appears(join(project.outside, 'checking'));
  run.signal('SIGINT');
  await run.says('Stopping');
  run.signal('SIGINT');
  expect((await run.ended).code).toBe(130);
  expect(project.processes()).toEqual([]);
  expect(landedTasks(project.repository)).toEqual([]);
});

test(
  'B9 I15 a check that was running when its coordinator or its runner was killed ends with them',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 One': ['Check: ./check.sh task'] }),
      settings: shellSettings(1, { landing: { checks: ['./check.sh landing'] } }),
      files: { 'agent.sh': shellAgent(''), 'check.sh': hangingCheck },
    });
    const first = project.run('001');
    await appears(join(project.outside, 'task'));
    const runner = project.processes().find(({ command }) => / runner \d+$/.test(command));
    process.kill(runner?.pid ?? Number.NaN, 'SIGKILL');
    await first.until(({ type }) => type === 'attempt-ended');
    expect(checksOf(project, 'task')).toEqual([]);
    await appears(join(project.outside, 'landing'));
    first.signal('SIGKILL');
    await first.ended;
    expect(checksOf(project, 'landing')).not.toEqual([]);
    const { code, summary } = await project.run('001').ended;
    expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 1 });
    expect(project.processes()).toEqual([]);
  },
);

/** Never ends the first time it is run for that purpose; not even when asked. */
const hangingCheck = `#!/bin/sh
sign="$(git rev-parse --path-format=absolute --git-common-dir)/../../$1"
if [ ! -e "$sign" ]; then touch "$sign"; trap '' TERM; while :; do sleep 0.1; done; fi
`;

function checksOf(project: Project, purpose: string): string[] {
  return project
    .processes()
    .map(({ command }) => command)
    .filter((command) => command.endsWith(`check.sh ${purpose}`));
}

async function expectClean(project: Project, before: string): Promise<void> {
  expect(project.processes()).toEqual([]);
  expect(project.checkout()).toBe(before);
  expect(existsSync(join(project.directory, '.worktrees/T001-1'))).toBe(false);
  await using store = await project.store();
  expect(await store.attempts({ live: true })).toEqual([]);
  expect(await store.leader()).toBe(null);
  const { kept } = (await project.orbit('recover', '--json')).json as { kept: { task: string; ref: string }[] };
  expect(kept.map(({ task, ref }) => project.repository.git('show', `${ref}:${task}.half`))).toEqual(['half', 'half']);
}

/** Being stopped is nobody's failure: the second try at each task is its first by the budget. */
async function expectGoesOn(project: Project): Promise<void> {
  const { code, summary } = await project.run('001').ended;
  expect({ code, landed: summary?.landed, attempts: summary?.attempts }).toEqual({ code: 0, landed: 2, attempts: 2 });
  expect(landedTasks(project.repository).sort()).toEqual(['T001', 'T002']);
  expect(project.processes()).toEqual([]);
}

async function bothHang({ outside }: Project): Promise<void> {
  await appears(join(outside, 'meet/T001'));
  await appears(join(outside, 'meet/T002'));
}

/** Waits for a sign that an agent leaves; the test's time limit bounds it. */
async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((look) => setTimeout(look, 20));
}

function tell({ outside }: Project, name: string): void {
  mkdirSync(join(outside, 'meet'), { recursive: true });
  writeFileSync(join(outside, 'meet', name), '');
}
