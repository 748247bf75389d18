/** What happens when an agent cannot go on: quota walls, full contexts, blockers found on the way, and failures up to a person. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planText } from '../support/e2e-plan.ts';
import type { RunEvent } from '../support/e2e-run.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

type Steps = readonly Readonly<Record<string, unknown>>[];

const scripted = { adapter: 'scripted', script: 'script.json', slots: 1 };
const settings = { agents: { a: scripted }, retryDelayMs: 50 };
const half: Steps = [
  { do: 'write', path: 'src/{task}.txt', text: 'half\n' },
  { do: 'commit', message: 'Half of {task}' },
  { do: 'append', path: 'src/{task}.txt', text: 'more\n' },
  { do: 'say', text: 'the second half is begun' },
];
const rest: Steps = [
  { do: 'append', path: 'src/{task}.txt', text: 'rest\n' },
  { do: 'commit', message: 'Rest of {task}' },
  { do: 'report', report: 'complete' },
];
const whole: Steps = [
  { do: 'write', path: 'src/{task}.txt', text: 'whole\n' },
  { do: 'commit' },
  { do: 'report', report: 'complete' },
];
const failing: Steps = [
  { do: 'write', path: 'src/{task}.txt', text: 'try {attempt}\n' },
  { do: 'commit' },
  { do: 'report', report: 'failed', text: 'try {attempt} does not fit' },
];

const typed =
  (...types: string[]) =>
  ({ type }: RunEvent): boolean =>
    types.includes(type);

function landedText(project: Project, path: string): string {
  return project.repository.git('show', `orbit/001:${path}`);
}

async function promptOf(project: Project, token: number): Promise<string> {
  const store = await project.store();
  try {
    return readFileSync(join((await store.attempt(token))?.logs ?? '', 'prompt.md'), 'utf8');
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

test(
  'P6 a quota wall parks the account; the run waits, goes on by itself where it stood, and counts nothing',
  patience,
  async () => {
    const wall = { do: 'error', class: 'quota', text: 'usage limit reached', retryAfterMs: 3_000 };
    const project = await makeProject({
      plan: planText({ 'T001 One': [], 'T002 Two': [] }),
      settings,
      script: { tasks: { T001: [[...half, wall, { do: 'hang' }], rest], T002: [whole] } },
    });
    const run = project.run('001');
    await run.until(typed('account-parked'));
    const agents = (await project.orbit('agents', '--json')).json as { accounts: unknown[] };
    expect(agents.accounts).toEqual([
      expect.objectContaining({ account: 'a', reason: expect.stringContaining('usage limit') }),
    ]);
    expect((await project.orbit('why', 'T002', '--json')).json).toMatchObject({
      because: [{ rule: 'account-parked', message: expect.stringContaining('then it goes on') }],
    });
    const { code, summary } = await run.ended;
    expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 2 });
    const order = run.events.filter(typed('account-parked', 'account-unparked', 'task-claimed', 'attempt-ended'));
    expect(order.map(({ type, task }) => `${type} ${task ?? ''}`.trim())).toEqual([
      'task-claimed T001',
      'account-parked',
      'attempt-ended T001',
      'account-unparked',
      'task-claimed T001',
      'task-claimed T002',
    ]);
    expect(landedText(project, 'src/T001.txt')).toBe('half\nmore\nrest');
    expect((await project.orbit('show', 'T001', '--json')).json).toMatchObject({ failures: [] });
  },
);

test('P6 another agent takes over while an account rests, and a person may open it', patience, async () => {
  const wall = { do: 'error', class: 'quota', text: 'limit', retryAfterMs: 3_600_000 };
  const project = await makeProject({
    plan: planText({ 'T001 One': [], 'T002 @a Two': ['Dependencies: T001'] }),
    settings: { ...settings, agents: { a: scripted, b: scripted } },
    script: { tasks: { T001: [[...half, wall, { do: 'hang' }], rest], T002: [whole] } },
  });
  const run = project.run('001');
  await run.until(({ type, task }) => type === 'task-landed' && task === 'T001');
  expect(run.events.filter(typed('task-claimed')).map(({ data }) => data['agent'])).toEqual(['a-1', 'b-1']);
  expect((await project.orbit('resume', '--account', 'a')).code).toBe(0);
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 2 });
  expect((await project.orbit('resume', '--account', 'a')).code).toBe(3);
});

test('B5 a full context hands over with notes, and dirty files lie in the next workspace', patience, async () => {
  const full = { do: 'error', class: 'context', text: 'prompt is too long' };
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings,
    script: { tasks: { T001: [[...half, full, { do: 'hang' }], rest] } },
  });
  const { code, summary } = await project.run('001').ended;
  expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 1 });
  expect(landedText(project, 'src/T001.txt')).toBe('half\nmore\nrest');
  const prompt = await promptOf(project, 2);
  expect(prompt).toContain('Go on from here');
  expect(prompt).toContain('prompt is too long');
  expect(prompt).toContain('the second half is begun');
});

test(
  'B6 a blocker found on the way is made a task, runs first, and the task goes on where it stood',
  patience,
  async () => {
    const block = [
      'orbit',
      'block',
      '--on',
      'new',
      '--title',
      'Mend the parser',
      '--scope',
      'src/parser.txt',
      'it drops lines',
    ];
    const project = await makeProject({
      plan: planText({ 'T001 One': [] }),
      settings,
      script: {
        tasks: {
          T001: [[...half, { do: 'run', command: block }, { do: 'hang' }], rest],
          T002: [
            [
              { do: 'write', path: 'src/parser.txt', text: 'mended\n' },
              { do: 'commit' },
              { do: 'report', report: 'complete' },
            ],
          ],
        },
      },
    });
    const run = project.run('001');
    const { code, summary } = await run.ended;
    expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 2 });
    expect(run.events.filter(typed('task-claimed')).map(({ task }) => task)).toEqual(['T001', 'T002', 'T001']);
    expect(landedText(project, 'src/T001.txt')).toBe('half\nmore\nrest');
    expect(landedText(project, 'src/parser.txt')).toBe('mended');
    expect(await promptOf(project, 3)).toContain('it drops lines');
  },
);

test('B6 I14 a task cannot wait for itself or for what is not there, and nothing changes', patience, async () => {
  const orbit = (...words: string[]): unknown => ({ do: 'run', command: ['orbit', 'block', ...words] });
  const project = await makeProject({
    plan: planText({ 'T001 One': [], 'T002 Two': ['Dependencies: T001'] }),
    settings,
    script: {
      tasks: {
        T001: [[orbit('--on', 'T002', 'ring'), orbit('--on', 'T099', 'unknown'), ...whole] as Steps],
        T002: [whole],
      },
    },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed, attempts: summary?.attempts }).toEqual({ code: 0, landed: 2, attempts: 2 });
  expect(run.events.filter(typed('task-changed', 'task-created', 'attempt-ended'))).toEqual([]);
});

test('P7 C14 E9 failures climb the ladder to the inbox, with a post-mortem and a report', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: { ...settings, agents: { a: scripted, b: scripted } },
    script: { tasks: { T001: [failing] } },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, needsYou: summary?.needsYou, attempts: summary?.attempts }).toEqual({
    code: 4,
    needsYou: 1,
    attempts: 4,
  });
  const claims = run.events.filter(typed('task-claimed')).map(({ data }) => {
    const { agent, course } = data as { agent: string; course: { rung: string; adapter: string } };
    return `${agent} ${course.rung} ${course.adapter}`;
  });
  expect(claims).toEqual([
    'a-1 first scripted',
    'a-1 fresh scripted',
    'b-1 other scripted',
    expect.stringContaining('split'),
  ]);
  const inbox = (await project.orbit('inbox', '--json')).json as { tasks: { postMortem: unknown }[] };
  expect(inbox.tasks[0]?.postMortem).toMatchObject({
    attempts: [
      { agent: 'a-1', rung: 'first', outcome: 'failed', reason: expect.stringContaining('try 1 does not fit') },
      { agent: 'a-1', rung: 'fresh' },
      { agent: 'b-1', rung: 'other' },
      { rung: 'split', commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    ],
  });
  expect((await project.orbit('inbox')).stdout).toContain('orbit retry 001/T001 --advice');
  expect(await promptOf(project, 4)).toContain('## Split this task');
  const report = (await project.orbit('report', '001', '--json')).json as {
    outcomes: { rung: string; failed: number }[];
  };
  expect(report.outcomes.map(({ rung, failed }) => `${rung} ${failed}`)).toEqual([
    'first 1',
    'fresh 1',
    'other 1',
    'split 1',
  ]);
  expect((await project.orbit('report', '001')).stdout).toContain('handed over');
});

test('P7 I11 a task that was split waits for its parts, then they are put together', patience, async () => {
  const part = (name: string, scope: string): unknown => ({
    do: 'run',
    command: ['orbit', 'create', '--title', name, '--parent', 'T001', '--scope', scope],
  });
  const back = { do: 'run', command: ['orbit', 'block', 'T001', '--on', 'T002', '--on', 'T003', 'two parts'] };
  const outside = { do: 'run', command: ['orbit', 'edit', 'T003', '--scope', 'src/T003.txt'] };
  const project = await makeProject({
    plan: planText({ 'T001 One': ['Files: src/**'] }),
    settings,
    script: {
      tasks: {
        T001: [
          failing,
          failing,
          failing,
          [part('Part one', 'src/T002.txt'), part('Part two', 'docs/**'), back, outside, back, { do: 'hang' }] as Steps,
          whole,
        ],
        T002: [whole],
        T003: [whole],
      },
    },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 3 });
  const rungs = run.events
    .filter(({ type, task }) => type === 'task-claimed' && task === 'T001')
    .map(({ data }) => (data['course'] as { rung: string }).rung);
  expect(rungs).toEqual(['first', 'fresh', 'fresh', 'split', 'join']);
  expect(await promptOf(project, 7)).toContain('The parts are done');
});
