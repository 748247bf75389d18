import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

const complete = { do: 'report', report: 'complete' };
const write = (text: string): object[] => [{ do: 'write', path: 'shared.txt', text }, { do: 'commit' }];
const hears = (contains: string): object => ({ do: 'wait-for-hint', contains });

const objectsOf = ({ repository }: Project): string[] =>
  repository.git('cat-file', '--batch-check', '--batch-all-objects', '--unordered').split('\n').sort();

test(
  'D5 D10 P9 two running agents are told of the conflict between them, each with the other intent, and neither bounces',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 Greet in German': [], 'T002 Greet in French': [] }),
      settings: { agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 2 } } },
      files: { 'shared.txt': 'one\nhello\nthree\n' },
      script: {
        tasks: {
          T001: [[...write('one\nhallo\nthree\n'), hears('Greet in French'), hears('go on'), complete]],
          T002: [
            [
              ...write('one\nbonjour\nthree\n'),
              hears('+hallo'),
              hears('go on'),
              // It leaves the line to the other task and says its own elsewhere.
              ...write('one\nhello\nthree\n'),
              { do: 'write', path: 'french.txt', text: 'bonjour\n' },
              { do: 'commit' },
              complete,
            ],
          ],
        },
      },
    });
    const run = project.run('001');
    await run.until(({ type, data, task }) => type === 'agent-hinted' && task === 'T001' && data['by'] === 'look-out');
    await run.until(({ type, data, task }) => type === 'agent-hinted' && task === 'T002' && data['by'] === 'look-out');
    expect(run.events.find(({ type }) => type === 'conflict-seen')).toMatchObject({
      task: 'T001',
      data: { other: '001/T002', paths: ['shared.txt'] },
    });
    const before = objectsOf(project);
    const [why, inbox, show] = [
      await project.orbit('why', 'T002', '--json'),
      await project.orbit('inbox', '--json'),
      await project.orbit('show', 'T001', '--json'),
    ];
    expect(why.json).toMatchObject({
      status: 'running',
      because: [{ rule: 'running' }, { rule: 'conflict', message: expect.stringMatching(/001\/T001.*shared\.txt/) }],
    });
    expect(inbox.json).toMatchObject({
      tasks: [],
      conflicts: [{ task: '001/T001', with: '001/T002', withTitle: 'Greet in French', paths: ['shared.txt'] }],
    });
    expect(show.json).toMatchObject({ conflicts: [{ with: '001/T002', agent: expect.stringMatching(/^demo-/) }] });
    expect((await project.orbit('why', 'T001')).stdout).toContain('shared.txt');
    expect((await project.orbit('inbox')).stdout).toContain('1 conflict ahead');
    expect(objectsOf(project)).toEqual(before);
    for (const task of ['T001', 'T002']) await project.orbit('nudge', task, 'go on');
    expect((await run.ended).code).toBe(0);
    expect(landedTasks(project.repository).sort()).toEqual(['T001', 'T002']);
    expect(run.events.filter(({ type }) => type === 'landing-bounced')).toEqual([]);
    expect(run.events.filter(({ type, data }) => type === 'agent-hinted' && data['by'] === 'look-out')).toHaveLength(2);
    expect((await project.orbit('inbox', '--json')).json).toMatchObject({ conflicts: [] });
  },
);

test(
  'D5 P4 agents that cannot be spoken to read it; work that met the target is told, and its bounce names the other intent',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 Left': [], 'T002 Right': [] }),
      settings: shellSettings(2),
      files: {
        'shared.txt': 'start\n',
        'agent.sh': shellAgent(
          [
            'T001-1) echo left > shared.txt; save; await told-T002; ;;',
            'T002-1) echo right > shared.txt; save; until orbit read | grep -q "(Left;"; do sleep 0.1; done; tell told-T002',
            '  until orbit read | grep -q "landed on refs/heads/orbit/001"; do sleep 0.1; done ;;',
            'T002-2) grep -q "landed since it began: T001 Left" "$ORBIT_PROMPT"; grep -q "+left" "$ORBIT_PROMPT"',
            '  cp "$ORBIT_PROMPT" "$meet/prompt"; echo right >> shared.txt; save ;;',
          ].join('\n'),
        ),
      },
    });
    mkdirSync(join(project.outside, 'meet'), { recursive: true });
    writeFileSync(join(project.outside, 'meet', 'ready'), '');
    const run = project.run('001');
    const { code, summary } = await run.ended;
    expect({ code, attempts: summary?.attempts, left: summary?.left }).toEqual({ code: 0, attempts: 3, left: [] });
    expect(project.repository.git('show', 'orbit/001:shared.txt')).toBe('left\nright');
    expect((await project.orbit('report', '001', '--json')).json).toMatchObject({
      conflicts: { seenAhead: 2, avoided: 1, sentBack: 1, sentBackShare: 0.5 },
    });
    const bounced = run.events.filter(({ type }) => type === 'landing-bounced');
    expect(bounced).toHaveLength(1);
    const kept = project.repository.git('for-each-ref', '--format=%(refname)', 'refs/orbit/conflict');
    expect(kept).toBe(`refs/orbit/conflict/T002/${bounced[0]?.attempt ?? 0}`);
    expect(project.repository.git('show', `${kept}:shared.txt`)).toContain('<<<<<<<');
    expect(String(bounced[0]?.data['reason'])).toContain(kept);
  },
);

test('D5 what agents have not committed yet is seen, and told before anybody commits', patience, async () => {
  const edit = (text: string): object => ({ do: 'write', path: 'shared.txt', text });
  const project = await makeProject({
    plan: planText({ 'T001 Left': [], 'T002 Right': [] }),
    settings: { agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 2 } } },
    files: { 'shared.txt': 'one\nhello\nthree\n' },
    script: {
      tasks: {
        T001: [[edit('one\nleft\nthree\n'), hears('+right'), { do: 'commit' }, complete]],
        T002: [
          [
            edit('one\nright\nthree\n'),
            hears('+left'),
            { do: 'delete', path: 'shared.txt' },
            ...write('one\nhello\nthree\n'),
            { do: 'write', path: 'right.txt', text: 'right\n' },
            { do: 'commit' },
            complete,
          ],
        ],
      },
    },
  });
  const run = project.run('001');
  expect((await run.ended).code).toBe(0);
  expect(landedTasks(project.repository).sort()).toEqual(['T001', 'T002']);
  expect(run.events.filter(({ type }) => type === 'landing-bounced')).toEqual([]);
  expect(project.repository.git('show', 'orbit/001:shared.txt')).toBe('one\nleft\nthree');
});
