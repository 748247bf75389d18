/** C11: what succeeded lands and what is missing is told; a split or a planned goal whose parts all failed is done in one piece, once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planText } from '../support/e2e-plan.ts';
import type { OrbitRun, RunEvent } from '../support/e2e-run.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

const settings = {
  agents: { a: { adapter: 'scripted', script: 'script.json', slots: 2 } },
  retryDelayMs: 50,
  escalationThreshold: 100,
};
const good = [
  { do: 'write', path: 'src/{task}.txt', text: 'good\n' },
  { do: 'commit' },
  { do: 'report', report: 'complete' },
];
const bad = [{ do: 'report', report: 'failed', text: 'try {attempt} does not fit' }];
const part = (name: string, scope: string): unknown => ({
  do: 'run',
  command: ['orbit', 'create', '--title', name, '--parent', 'T001', '--scope', scope],
});
const split = [
  part('Part one', 'src/T003.txt'),
  part('Part two', 'src/T004.txt'),
  { do: 'run', command: ['orbit', 'block', 'T001', '--on', 'T003', '--on', 'T004', 'two parts'] },
  { do: 'hang' },
];

async function splitProject(last: readonly unknown[]): Promise<{ project: Project; run: OrbitRun }> {
  const project = await makeProject({
    plan: planText({
      'T001 Split': ['Files: src/T001.txt, src/T003.txt, src/T004.txt'],
      'T002 Alone': ['Files: src/T002.txt'],
    }),
    settings,
    script: { tasks: { T001: [bad, bad, bad, split, last], T002: [good], T003: [bad], T004: [bad] } },
  });
  return { project, run: project.run('001') };
}

const rungs = ({ events }: OrbitRun): unknown[] =>
  events
    .filter(({ type, task }) => type === 'task-claimed' && task === 'T001')
    .map(({ data }) => (data['course'] as { rung: string }).rung);
const typed =
  (type: string) =>
  (event: RunEvent): boolean =>
    event.type === type;

test(
  'C11 when all parts of a split fail, one agent does the whole, told what became of them, and all else lands',
  patience,
  async () => {
    const { project, run } = await splitProject(good);
    expect(await run.ended).toMatchObject({ code: 0, summary: { landed: 2 } });
    expect(rungs(run)).toEqual(['first', 'fresh', 'fresh', 'split', 'whole']);
    expect(run.events.filter(typed('task-made-whole')).map(({ data }) => data['parts'])).toEqual([
      ['001/T003', '001/T004'],
    ]);
    const last = run.events.findLast((event) => typed('task-claimed')(event) && event.task === 'T001');
    const store = await project.store();
    const { logs } = (await store.attempt(last?.attempt ?? 0)) ?? {};
    const ends = (await store.attempts({ task: '001/T003' })).map(({ outcome, logs: kept }) => [outcome, typeof kept]);
    await store[Symbol.asyncDispose]();
    const prompt = readFileSync(join(logs ?? '', 'prompt.md'), 'utf8');
    expect(prompt).toContain('In one piece after all');
    expect(prompt).toMatch(/Part one: The agent gave up: try \d does not fit/);
    expect(ends.length).toBeGreaterThan(1);
    expect(new Set(ends.map(String))).toEqual(new Set(['failed,string']));
  },
);

test(
  'C11 I11 if the whole fails as well a person has it, the rest has landed, and what is missing is told',
  patience,
  async () => {
    const { project, run } = await splitProject(bad);
    const { code, summary } = await run.ended;
    expect({
      code,
      landed: summary?.landed,
      left: summary?.left.map(({ task, status }) => `${task} ${status}`),
    }).toEqual({
      code: 4,
      landed: 1,
      left: ['T001 needs-you'],
    });
    expect(rungs(run)).toEqual(['first', 'fresh', 'fresh', 'split', 'whole']);
    const { stdout } = await project.orbit('report', '001');
    expect(stdout).toContain('T001  needs you: ');
    expect(stdout).toContain('missing: T001');
  },
);

const feature = (name: string, scope: string): unknown => ({
  do: 'run',
  command: ['orbit', 'create', '--title', name, '--scope', scope],
});
const planning = [
  feature('Feature one', 'src/T002.txt'),
  feature('Feature two', 'src/T003.txt'),
  { do: 'report', report: 'complete', noChanges: 'planned' },
];

async function goalProject(tasks: Record<string, unknown>): Promise<{ project: Project; run: OrbitRun }> {
  const project = await makeProject({
    plan: planText({ 'T001 Shop': ['Kind: plan'] }),
    settings: { ...settings, budget: { attempts: 2 } },
    script: { tasks: { T001: [planning], ...tasks } },
  });
  return { project, run: project.run('001') };
}

test('C11 when all that was planned for a goal fails, one agent gets the goal, once', patience, async () => {
  const { project, run } = await goalProject({ T002: [bad], T003: [bad], 'T001-whole': [bad, good] });
  expect(await run.ended).toMatchObject({ code: 0, summary: { landed: 2, left: [] } });
  const whole = run.events.filter(typed('task-made-whole'));
  expect(whole.map(({ task, data }) => [task, data['parts']])).toEqual([['T001-whole', ['001/T002', '001/T003']]]);
  const first = run.events.find((event) => typed('task-claimed')(event) && event.task === 'T001-whole');
  const store = await project.store();
  const { logs } = (await store.attempt(first?.attempt ?? 0)) ?? {};
  const ends = (await store.attempts({ task: '001/T002' })).map(({ outcome, logs: kept }) => [outcome, typeof kept]);
  await store[Symbol.asyncDispose]();
  const prompt = readFileSync(join(logs ?? '', 'prompt.md'), 'utf8');
  expect(prompt).toContain('In one piece after all');
  expect(prompt).toMatch(/Feature two: The agent gave up: try \d does not fit/);
  expect(new Set(ends.map(String))).toEqual(new Set(['failed,string']));
});

test('C11 where something of a goal landed nothing new is started, and what is missing is told', patience, async () => {
  const { project, run } = await goalProject({ T002: [good], T003: [bad] });
  expect(await run.ended).toMatchObject({ code: 4, summary: { landed: 2 } });
  expect(run.events.filter(typed('task-made-whole'))).toEqual([]);
  expect((await project.orbit('report', '001')).stdout).toContain('missing: T003');
});
