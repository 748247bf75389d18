/** A10: work on top of a dependency that is sent back: told, held back, put onto the corrected work, nothing lost. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import type { OrbitRun, RunEvent } from '../support/e2e-run.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

const chain = planText({ 'T001 Below': [], 'T002 Above': ['Dependencies: T001'] });

/** Waits until the test says so, then is red for what T001 does first. */
const check = `#!/bin/sh
go="$(git rev-parse --path-format=absolute --git-common-dir)/../../go"
until [ -e "$go" ]; do sleep 0.02; done
! grep -q bad a.txt
`;

async function shellProject(cases: string): Promise<Project> {
  return makeProject({
    plan: chain,
    settings: shellSettings(2, { landing: { checks: ['./check.sh'] } }),
    files: { 'agent.sh': shellAgent(cases), 'check.sh': check },
  });
}

const of =
  (type: string, task: string) =>
  (event: RunEvent): boolean =>
    event.type === type && event.task === task;

function letLand(project: Project): void {
  writeFileSync(join(project.outside, 'go'), '');
}

async function landsBoth(project: Project, run: OrbitRun): Promise<void> {
  expect(await run.ended).toMatchObject({ code: 0, summary: { landed: 2 } });
  expect(landedTasks(project.repository)).toEqual(['T001', 'T002']);
  expect(project.processes()).toEqual([]);
}

test(
  'A10 I7 done work is put onto its corrected dependency, with its authors, and lands after it',
  patience,
  async () => {
    const project = await shellProject(`T001-1) echo bad > a.txt; save ;;
T001-2) echo good > a.txt; save ;;
T002-1) echo one > b.txt; git add -A; git commit -q --author='Ann <ann@x>' --date='@1700000000 +0200' -m One; echo two > c.txt; git add -A; git commit -q -m Two ;;`);
    const run = project.run('001');
    const done = await run.until(of('task-done', 'T002'));
    letLand(project);
    const restacked = await run.until(of('work-restacked', 'T002'));
    await landsBoth(project, run);
    const git = (...args: string[]): string => project.repository.git(...args);
    const evidence = done.data['evidence'] as { commit: string; builtOn: { task: string; commit: string }[] };
    const [first, second] = run.events
      .filter(of('task-done', 'T001'))
      .map(({ data }) => data['evidence'] as { commit: string });
    expect(evidence.builtOn).toEqual([{ task: '001/T001', commit: first?.commit }]);
    expect(restacked.data).toMatchObject({
      from: evidence.commit,
      builtOn: [{ task: '001/T001', commit: second?.commit }],
    });
    // One attempt: nobody had to do it again; what was proven first is still there.
    expect(run.events.filter(of('task-claimed', 'T002'))).toHaveLength(1);
    expect(git('rev-parse', `refs/orbit/attempts/T002/${String(done.attempt)}`)).toBe(evidence.commit);
    const author = git('log', '--all', '--format=%an %ad', '--date=raw', '--grep=^One$', 'orbit/001');
    expect(author.split('\n')).toContain('Ann 1700000000 +0200');
    expect(git('show', 'orbit/001:a.txt', 'orbit/001:b.txt', 'orbit/001:c.txt')).toBe('good\none\ntwo');
    expect(git('merge-base', '--is-ancestor', String(restacked.data['commit']), 'orbit/001')).toBe('');
  },
);

test('A10 P1 work that does not fit onto the corrected one goes back with both sides', patience, async () => {
  const project = await shellProject(`T001-1) echo bad > a.txt; save ;;
T001-2) echo good > a.txt; save ;;
T002-1) echo 'bad and more' > a.txt; save ;;
T002-2) grep -q 'both sides with markers at refs/orbit/conflict/T002/' "$ORBIT_PROMPT"; echo 'good and more' > a.txt; save ;;`);
  const run = project.run('001');
  await run.until(of('task-done', 'T002'));
  letLand(project);
  const bounced = await run.until(of('landing-bounced', 'T002'));
  expect(bounced.data).toMatchObject({ cause: 'conflict' });
  await landsBoth(project, run);
  const git = (...args: string[]): string => project.repository.git(...args);
  expect(git('show', 'orbit/001:a.txt')).toBe('good and more');
  const [ref = ''] = /refs\/orbit\/conflict\/\S+/.exec(String(bounced.data['reason'])) ?? [];
  const marked = git('show', `${ref}:a.txt`);
  expect(marked).toContain('bad and more');
  expect(marked).toContain('good');
});

test(
  'A10 an agent at work is told once that what it is built on was sent back, and its work lands',
  patience,
  async () => {
    const report = { do: 'report', report: 'complete' };
    const below = (text: string): object[] => [{ do: 'write', path: 'a.txt', text }, { do: 'commit' }, report];
    const project = await makeProject({
      plan: chain,
      settings: {
        agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 2 } },
        retryDelayMs: 50,
        landing: { checks: ['./check.sh'] },
      },
      files: { 'check.sh': check },
      script: {
        tasks: {
          T001: [below('bad\n'), below('good\n')],
          T002: [
            [
              { do: 'wait-for-hint', contains: 'it was sent back from landing' },
              { do: 'write', path: 'b.txt', text: 'b\n' },
              { do: 'commit' },
              report,
            ],
          ],
        },
      },
    });
    const run = project.run('001');
    await run.until(of('attempt-prepared', 'T002'));
    letLand(project);
    await run.until(of('base-changed', 'T002'));
    await landsBoth(project, run);
    const hints = run.events.filter(
      (event) => of('agent-hinted', 'T002')(event) && event.data['rule'] === 'base-changed',
    );
    expect(hints).toHaveLength(1);
    expect(run.events.filter(of('task-claimed', 'T002'))).toHaveLength(1);
    expect(project.repository.git('show', 'orbit/001:a.txt', 'orbit/001:b.txt')).toBe('good\nb');
  },
);

test(
  'A4 I14 nobody starts on three levels that have not landed; why says what frees it, and it starts then',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({
        'T001 One': [],
        'T002 Two': ['Dependencies: T001'],
        'T003 Three': ['Dependencies: T002'],
        'T004 Four': ['Dependencies: T003'],
      }),
      settings: shellSettings(2, { landing: { checks: ['./check.sh'] } }),
      files: { 'agent.sh': shellAgent(''), 'check.sh': check, 'a.txt': 'good\n' },
    });
    const run = project.run('001');
    await run.until(of('task-done', 'T003'));
    expect((await project.orbit('why', 'T004', '--json')).json).toMatchObject({
      status: 'ready',
      because: [
        { rule: 'stack-depth', holder: '001/T001', unblockedBy: expect.stringContaining('001/T001 having landed') },
      ],
    });
    letLand(project);
    expect(await run.ended).toMatchObject({ code: 0, summary: { landed: 4 } });
    const landed = run.events.findIndex(of('task-landed', 'T001'));
    expect(run.events.findIndex(of('task-claimed', 'T004'))).toBeGreaterThan(landed);
    expect(run.events.findIndex(of('task-claimed', 'T003'))).toBeLessThan(landed);
  },
);
