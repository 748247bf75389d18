import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { shellAgent } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

test('B10 one task is run by hand with a chosen agent, and the others are left alone', patience, async () => {
  const command = { adapter: 'command', command: ['./agent.sh'] };
  const project = await makeProject({
    plan: '# One\n\n- [ ] T001 First\n- [ ] T002 Second\n- [ ] T003 Third\n',
    settings: { agents: { slow: command, quick: command } },
    files: { 'agent.sh': shellAgent('') },
  });
  const run = project.run('001', '--task', 'T002', '--agents', 'quick:1');
  const { code, summary } = await run.ended;
  expect(code).toBe(0);
  expect(summary).toMatchObject({ landed: 1, needsYou: 0, attempts: 1, left: [] });
  expect(landedTasks(project.repository)).toEqual(['T002']);
  const claimed = run.events.filter(({ type }) => type === 'task-claimed');
  expect(claimed.map(({ task, data }) => [task, data['agent']])).toEqual([['T002', 'quick-1']]);
});

test('B10 model and thinking budget are the choice of the person, whatever the settings say', patience, async () => {
  const project = await makeProject({
    plan: '# One\n\n- [ ] T001 First\n',
    settings: { agents: { sh: { adapter: 'command', command: ['./agent.sh'], model: 'small' } } },
    files: { 'agent.sh': shellAgent('') },
  });
  const run = project.run('--task', 'T001', '--agents', 'sh', '--model', 'large', '--thinking', 'high');
  expect((await run.ended).code).toBe(0);
  const claimed = run.events.find(({ type }) => type === 'task-claimed');
  expect(claimed?.data).toMatchObject({ course: { model: 'large', thinking: 'high' } });
  const wrong = await project.orbit('run', '--task', 'T001', '--thinking', 'hard', '--json');
  expect([wrong.code, wrong.json]).toMatchObject([2, { error: { code: 'bad-flag' } }]);
});
