/** P8 with real agents: a wish for more paths is granted, queued behind who holds them, answered by a person, or denied. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

/** Waits until the agent was sent a message with these words. */
const hear = 'hear() { until orbit read | grep -q "$1"; do sleep 0.05; done; }';

test(
  'P8 I13 a wish is granted where the path is free, waits for its holder, and is denied where it runs by itself',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({
        'T001 Free': ['Files: src/T001.txt'],
        'T002 Holder': ['Files: src/T002.txt, src/shared.txt'],
        'T003 Waiter': ['Files: src/T003.txt'],
        'T004 Denied': ['Files: src/T004.txt'],
      }),
      settings: shellSettings(4),
      files: {
        'agent.sh': shellAgent(`T001-*) orbit scope add docs/a.md --why "it is explained there" --json > "$meet/free"
  mkdir -p docs; echo a > docs/a.md; own ;;
T002-*) tell held; await asked; own ;;
T003-*) ${hear}
  await held; orbit scope add src/shared.txt --why "it is called there" --json > "$meet/queued"
  orbit why T003 > "$meet/why"; tell asked
  hear "You may write src/shared.txt"; mkdir -p src; echo b > src/shared.txt; own ;;
T004-*) orbit scope add .github/workflows/ci.yml --why "it is fun" --json > "$meet/denied" || echo "$?" > "$meet/code"
  own ;;`),
      },
    });
    const run = project.run('001');
    expect((await run.ended).code).toBe(0);
    expect(landedTasks(project.repository).toSorted()).toEqual(['T001', 'T002', 'T003', 'T004']);
    expect(json(project, 'free')).toMatchObject({ outcome: 'granted', entries: ['docs/a.md'] });
    expect(json(project, 'queued')).toMatchObject({ outcome: 'queued', holder: '001/T002' });
    expect(project.read('../meet/why')).toContain('001/T002 holds that now');
    expect(json(project, 'denied')).toMatchObject({ error: { code: 'scope-denied' } });
    expect(project.read('../meet/code')).toBe('3\n');
    const wishes = run.events.filter(({ type, task }) => task === 'T003' && /scope|widening/.test(type));
    expect(wishes.map(({ type, actor }) => [type, actor])).toEqual([
      ['widening-waits', 'sh-3'],
      ['scope-widened', 'coordinator'],
    ]);
    expect(project.repository.git('show', 'orbit/001:src/shared.txt')).toBe('b');
  },
);

test('P8 I17 a person answers a wish where the project says so, and no agent does', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 Yes': ['Files: src/T001.txt'], 'T002 No': ['Files: src/T002.txt'] }),
    settings: shellSettings(2, { scope: { widen: 'ask' } }),
    files: {
      'agent.sh': shellAgent(`T001-*) ${hear}
  orbit scope add docs/a.md --why "it is explained there" --json > "$meet/asked"; tell T001
  hear "You may write docs/a.md"; mkdir -p docs; echo a > docs/a.md; own ;;
T002-*) ${hear}
  code() { "$@" > /dev/null 2>&1 && echo 0 >> "$meet/codes" || echo $? >> "$meet/codes"; }
  orbit scope add docs/b.md --why "why not"
  code orbit scope grant T002; code env -u ORBIT_TOKEN orbit scope grant T002
  code env -u ORBIT_TOKEN orbit scope add docs/b.md --task T002 --why x; tell T002
  hear "You do not get docs/b.md: use the other one"; own ;;`),
    },
  });
  const run = project.run('001');
  await run.until(({ type, task }) => type === 'widening-waits' && task === 'T001');
  await run.until(({ type, task }) => type === 'widening-waits' && task === 'T002');
  const inbox = (await project.orbit('inbox', '--json')).json as { wishes: { task: string; entries: string[] }[] };
  expect(inbox.wishes.map(({ task, entries }) => `${task} ${entries.join()}`).toSorted()).toEqual([
    'T001 docs/a.md',
    'T002 docs/b.md',
  ]);
  expect((await project.orbit('scope', 'list')).stdout).toContain('orbit scope grant 001/T001');
  expect((await project.orbit('scope', 'grant', 'T001', '--json')).json).toMatchObject({ outcome: 'granted' });
  await meets(project, 'T002');
  expect((await project.orbit('scope', 'deny', 'T002', 'use the other one')).code).toBe(0);
  expect((await run.ended).code).toBe(0);
  expect(json(project, 'asked')).toMatchObject({ outcome: 'asked', holder: null });
  expect(project.read('../meet/codes').trim().split('\n')).toEqual(['3', '3', '3']);
  expect(project.repository.git('ls-tree', '-r', '--name-only', 'orbit/001', 'docs')).toBe('docs/a.md');
});

test('P8 an agent that hears hints is told in the middle of its work what became of its wish', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 Listen': ['Files: src/T001.txt'] }),
    settings: {
      agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 1 } },
      scope: { widen: 'ask' },
    },
    script: {
      tasks: {
        T001: [
          [
            { do: 'run', command: ['orbit', 'scope', 'add', 'docs/a.md', '--why', 'it is explained there'] },
            { do: 'wait-for-hint', contains: 'You may write docs/a.md from now on' },
            { do: 'write', path: 'docs/a.md', text: 'a' },
            { do: 'commit' },
            { do: 'report', report: 'complete' },
          ],
        ],
      },
    },
  });
  const run = project.run('001');
  await run.until(({ type }) => type === 'widening-waits');
  expect((await project.orbit('scope', 'grant', 'T001')).stdout).toContain('T001 may write docs/a.md from now on');
  expect((await run.ended).code).toBe(0);
  const [hint] = run.events.filter(({ type }) => type === 'agent-hinted').map(({ data }) => data);
  expect(hint).toMatchObject({ by: 'completion', rule: 'scope', delivery: 'now' });
  expect(landedTasks(project.repository)).toEqual(['T001']);
});

function json(project: Project, name: string): unknown {
  return JSON.parse(project.read(`../meet/${name}`));
}

/** Resolves when an agent has told so. */
async function meets({ outside }: Project, name: string): Promise<void> {
  while (!existsSync(join(outside, 'meet', name))) await new Promise((look) => setTimeout(look, 20));
}
