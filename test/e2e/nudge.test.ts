import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

const scripted = { adapter: 'scripted', script: 'script.json', slots: 1 };
const work = [{ do: 'write', path: '{task}.txt', text: 'x' }, { do: 'commit' }, { do: 'report', report: 'complete' }];

test(
  'P10 D3 a nudge reaches a running agent in the middle of its turn, twice in a row, and says so',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 Listen': [] }),
      settings: { agents: { demo: scripted } },
      script: {
        tasks: {
          T001: [
            [
              { do: 'say', text: 'listening' },
              { do: 'wait-for-hint', contains: 'existing parser' },
              { do: 'wait-for-hint', contains: 'and its tests' },
              ...work,
            ],
          ],
        },
      },
    });
    const run = project.run('001');
    await run.until(({ type }) => type === 'attempt-prepared');
    const [first, second] = [
      await project.orbit('nudge', 'T001', 'use the existing parser', '--json'),
      await project.orbit('nudge', 'T001', 'and its tests'),
    ];
    expect(first.json).toMatchObject({ task: 'T001', status: 'running', agent: 'demo-1', delivery: 'now' });
    expect(second.stdout).toContain('demo-1 hears it now');
    expect((await run.ended).code).toBe(0);
    expect(landedTasks(project.repository)).toEqual(['T001']);
    const hinted = run.events.filter(({ type }) => type === 'agent-hinted').map(({ data }) => data);
    expect(hinted).toMatchObject([
      { by: 'person', text: 'use the existing parser', delivery: 'now' },
      { by: 'person', text: 'and its tests', delivery: 'now' },
    ]);
    const late = await project.orbit('nudge', 'T001', 'too late', '--json');
    expect(late.code).toBe(3);
    expect(late.json).toMatchObject({ error: { code: 'task-ended' } });
  },
);

test('P10 a nudge to an agent that hears nothing says that the next attempt is told', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 Deaf': [] }),
    settings: {
      agents: { sh: { adapter: 'command', command: ['./agent.sh'] } },
      retryDelayMs: 50,
      heartbeatIntervalMs: 100,
    },
    files: {
      'agent.sh': shellAgent(
        'T001-1) tell started; await nudged; exit 3 ;;\nT001-2) grep -q "use a lamp" "$ORBIT_PROMPT"; own ;;',
      ),
    },
  });
  const run = project.run('001');
  await run.until(({ type }) => type === 'attempt-prepared');
  expect((await project.orbit('nudge', 'T001', 'use a lamp', '--json')).json).toMatchObject({
    delivery: 'next-attempt',
  });
  const meet = join(project.directory, '..', 'meet');
  mkdirSync(meet, { recursive: true });
  writeFileSync(join(meet, 'nudged'), '');
  expect((await run.ended).code).toBe(0);
});
