/** What `orbit run` says to bad input: one clear message, the right exit code, nothing half done; and what it bears with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, planFile, type Project } from '../support/e2e.ts';

const task = (id: string, ...more: string[]): string =>
  [`- [ ] ${id}`, ...more.map((line) => `      ${line}`)].join('\n');
const layer = (...tasks: string[]): string => `# Plan\n\n## Layer 1: One\n\n${tasks.join('\n')}\n`;

/** Plan, and what the message must name besides the file. */
const badPlans: Readonly<Record<string, { plan: string; says: RegExp }>> = {
  'a cycle': {
    plan: layer(task('T001 One', 'Dependencies: T002'), task('T002 Two', 'Dependencies: T001')),
    says: /layered-tasks\.md:\d+: .*(T001.*T002|T002.*T001)/,
  },
  'an unknown id': { plan: layer(task('T001 One', 'Dependencies: T009')), says: /layered-tasks\.md:6: .*T009/ },
  'a duplicate id': { plan: layer(task('T001 One'), task('T001 Again')), says: /layered-tasks\.md:6: .*T001/ },
  'a bad layer': { plan: '# Plan\n\n## Layer two: One\n\n- [ ] T001 One\n', says: /layered-tasks\.md:3: .*[Ll]ayer/ },
};

test('B1 a wrong plan is refused with file and line, and nothing of it is stored or run', patience, async () => {
  const project = await makeProject({ settings: shellSettings(1), files: { 'agent.sh': shellAgent('') } });
  for (const [name, { plan, says }] of Object.entries(badPlans)) {
    project.repository.write({ [planFile]: plan });
    const { code, json } = await project.orbit('run', '001', '--json');
    const { error } = (json ?? {}) as { error?: { code: string; message: string; hint: string } };
    expect({ name, code, error: error?.code, message: error?.message }).toEqual({
      name,
      code: 2,
      error: 'bad-plan',
      message: expect.stringMatching(says),
    });
    expect(error?.hint).not.toBe('');
  }
  await using store = await project.store();
  expect([await store.plans(), await store.tasks({}, 0)]).toEqual([[], []]);
  expect(project.repository.git('branch', '--list', 'orbit/*')).toBe('');
  expect(project.processes()).toEqual([]);
});

test('B1 what cannot be run is said at once: no plan, no such plan, no agent, wrong settings', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent('') },
  });
  const refused = async (...args: string[]): Promise<unknown> => {
    const { code, json } = await project.orbit('run', ...args, '--json');
    return [code, (json as { error?: { code: string } } | null)?.error?.code];
  };
  expect(await refused('999')).toEqual([2, 'unknown-plan']);
  expect(await refused('../001')).toEqual([2, 'bad-id']);
  project.repository.write({ [planFile]: planText({ 'T001 @other One': [] }) });
  const wanted = await project.orbit('run', '001');
  expect({ code: wanted.code, stderr: wanted.stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/layered-tasks\.md:\d+: T001 wants @other/),
  });
  project.repository.git('checkout', '-q', '--', planFile);
  expect(await refused('001', '--agents', 'nobody:1')).toEqual([2, 'unknown-agent']);
  expect(await refused('001', '--agents', 'sh:0')).toEqual([2, 'bad-flag']);
  project.repository.write({ 'orbit.config.json': '{\n  "agents": {},\n}\n' });
  const broken = await project.orbit('run', '001');
  expect({ code: broken.code, stderr: broken.stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/orbit\.config\.json:2:15: .*comma/),
  });
  project.repository.write({ 'orbit.config.json': '{ "agents": {} }\n' });
  expect(await refused('001')).toEqual([2, 'unknown-agent']);
  expect(project.repository.git('branch', '--list', 'orbit/*')).toBe('');
});

test(
  'B1 a check that can never run is refused before any agent starts; one that a task may make is told',
  patience,
  async () => {
    const plan = planText({ 'T001 One': ['Check: npm test | tee log'], 'T002 Two': ['Check: no-such-program-here'] });
    const project = await makeProject({ plan, settings: shellSettings(1), files: { 'agent.sh': shellAgent('') } });
    const line = (text: string): number => plan.split('\n').findIndex((row) => row.includes(text)) + 1;
    const refused = await project.orbit('run', '001');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`${planFile}:${line('npm test')}: check "npm test | tee log" can never run`);
    expect(refused.stderr).toContain(`${planFile}:${line('no-such')}: check "no-such-program-here" can never run`);
    const judged = await project.orbit('plan', '001', '--check');
    expect({ code: judged.code, stderr: judged.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`${planFile}:${line('no-such')}: warning: check "no-such-program-here"`),
    });
    const doctor = await project.orbit('doctor', '--json');
    expect({ code: doctor.code, json: doctor.json }).toMatchObject({
      code: 0,
      json: { looks: expect.arrayContaining([expect.objectContaining({ what: 'checks', state: 'note' })]) },
    });
    project.repository.write({
      [planFile]: planText({ 'T001 One': [] }),
      'orbit.config.json': JSON.stringify(shellSettings(1, { landing: { checks: ['no-such-program-here'] } })),
    });
    const settings = await project.orbit('run', '001');
    expect({ code: settings.code, stderr: settings.stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('landing.checks of the settings: check "no-such-program-here" can never run'),
    });
    await using store = await project.store();
    expect((await store.tasks({}, 0)).map((record) => record.task.attempts)).toEqual([0, 0]);
  },
);

test(
  'B4 E9 an agent that cannot start and work outside the scope end in front of a person with the reason',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({
        'T001 @gone Missing program': [],
        'T002 @flat Not executable': [],
        'T004 @sh Astray': ['Files: nowhere/**'],
        'T005 @sh Fine': [],
      }),
      settings: {
        ...shellSettings(2, { budget: { attempts: 1 } }),
        agents: {
          sh: { adapter: 'command', command: ['./agent.sh'], slots: 2 },
          gone: { adapter: 'command', command: ['no-such-program-here'] },
          flat: { adapter: 'command', command: ['./README.md'] },
        },
      },
      files: { 'agent.sh': shellAgent('') },
    });
    const run = project.run('001');
    const { code, summary } = await run.ended;
    expect({ code, landed: summary?.landed }, run.stderr()).toEqual({ code: 4, landed: 1 });
    const reasons = Object.fromEntries((summary?.left ?? []).map((left) => [left.task, left.reason]));
    expect(reasons).toEqual({
      T001: expect.stringContaining('no-such-program-here'),
      T002: expect.stringMatching(/README\.md is not executable/),
      T004: expect.stringMatching(/nowhere\/\*\*.*src\/T004\.txt/s),
    });
    expect(project.processes()).toEqual([]);
  },
);

test('P1 a detached HEAD and a dirty tree are the user’s: the run works and touches neither', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent('') },
  });
  const { repository } = project;
  repository.git('checkout', '-q', '--detach');
  repository.write({ 'README.md': 'half an edit\n', 'new.txt': 'not added\n' });
  const before = [repository.git('rev-parse', 'HEAD'), repository.git('status', '--porcelain')];
  expect((await project.run('001').ended).code).toBe(0);
  expect([
    repository.git('rev-parse', 'HEAD'),
    repository.git('status', '--porcelain', '--', '.', `:!${planFile}`),
  ]).toEqual(before);
  expect(repository.git('show', 'orbit/001:README.md')).toBe('A project');
  expect(landedTasks(repository)).toEqual(['T001']);
});

test(
  'I8 landing on a branch that is checked out: a dirty checkout holds it with a word, a clean one follows',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 One': [] }),
      settings: shellSettings(1),
      files: { 'agent.sh': shellAgent('') },
    });
    const { repository } = project;
    repository.write({ 'README.md': 'half an edit\n' });
    const main = repository.git('rev-parse', 'main');
    const held = await project.run('001', '--into', 'main').ended;
    expect({ code: held.code, left: held.summary?.left }).toEqual({
      code: 4,
      left: [{ task: 'T001', plan: '001', status: 'landing', reason: expect.stringContaining('commit or remove') }],
    });
    expect([repository.git('rev-parse', 'main'), project.read('README.md')]).toEqual([main, 'half an edit\n']);
    repository.git('checkout', '-q', '--', 'README.md');
    repository.commit('Tick');
    expect((await project.run('001').ended).code).toBe(0);
    expect(project.read('src/T001.txt')).toBe('One\n');
    expect(repository.git('log', '-1', '--format=%s', 'main')).toBe('Land T001: One');
    expect(repository.git('status', '--porcelain', '--', 'src', 'README.md')).toBe('');
  },
);

test('titles made to break shells, refs and terminals run and land as text', patience, async () => {
  const title = '$(touch pwned) `touch pwned`; touch pwned | x \u001b]0;owned\u0007\u001b[2J ../.. --force \u202ekcab';
  const project = await makeProject({
    plan: planText({ [`T001 ${title}`]: [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent('') },
  });
  const { code, stdout, stderr } = await project.orbit('run', '001');
  expect(code, stderr).toBe(0);
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(landedTasks(project.repository)).toEqual(['T001']);
  expect(project.repository.git('log', '-1', '--format=%s', 'orbit/001')).toContain('$(touch pwned)');
  expect(pwned(project)).toBe(false);
});

function pwned({ directory, outside, repository }: Project): boolean {
  return (
    [directory, outside].some((folder) => existsSync(join(folder, 'pwned'))) ||
    repository.git('ls-tree', '-r', '--name-only', 'orbit/001').includes('pwned')
  );
}
