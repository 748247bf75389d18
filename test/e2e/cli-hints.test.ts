/** What a person is told who edits, stands or asks in the wrong place. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, planText, run } from '../support/orbit-project.ts';

const file = 'specs/001/agent-tasks/layered-tasks.md';

test('A3 what a hand edit contradicts is told once, with file and line, by whatever reads it first', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1', 'T2: T1'));
  expect((await project.orbit(['ready', '--plan', '001'])).stderr).toBe('');
  project.plan('001', planText('T1', 'T2: T1').replace('- [ ] T2', '- [x] T2'));
  const { code, stderr } = await project.orbit(['layer-status', '001']);
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${file}:\\d+: warning: T2 is ticked, but T1`)),
  ]);
  expect((await project.orbit(['layer-status', '001'])).stderr).toBe('');
});

test('a directory that is not there is the caller’s mistake, not a bug', async () => {
  using project = await makeProject();
  const gone = join(project.directory, 'gone');
  mkdirSync(gone);
  // A shell that stands in a directory which is removed, as an agent does whose workspace goes.
  const program = `rmdir "$PWD"; exec "$@"`;
  const { spawnSync } = await import('node:child_process');
  const ended = spawnSync(
    'sh',
    ['-c', program, 'sh', process.execPath, join(process.cwd(), 'dist/orbit.cjs'), 'ready'],
    {
      cwd: gone,
      encoding: 'utf8',
    },
  );
  expect([ended.status, ended.stderr]).toEqual([2, expect.stringContaining('not there any more')]);
  const named = await run(['-C', 'nowhere-at-all', 'ready', '--json'], project.directory);
  expect([named.code, named.json()['error']]).toEqual([2, expect.objectContaining({ code: 'file-not-found' })]);
  expect((await run(['-C', project.directory, 'ready'], '/')).code).toBe(0);
});

test('P12 a plan that spec-kit wrote is not known yet: the hint reads it', async () => {
  using project = await makeProject();
  project.repository.write({ 'specs/007/tasks.md': '# Tasks\n\n## Phase 1: Setup\n- [ ] T001 Start\n' });
  const answer = await project.orbit(['layer-status', '007', '--json']);
  expect(answer.json()['error']).toMatchObject({
    code: 'unknown-plan',
    hint: 'orbit import spec-kit specs/007/tasks.md',
  });
  expect((await project.orbit(['import', 'spec-kit', 'specs/007/tasks.md'])).code).toBe(0);
});

test('B1 a run whose agents cannot start is refused at once, and no attempt is used up', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1'));
  writeFileSync(
    join(project.directory, 'orbit.config.json'),
    JSON.stringify({ agents: { sh: { adapter: 'command', command: ['./agent.sh'] } } }),
  );
  const missing = await project.orbit(['run', '001', '--json']);
  expect([missing.code, missing.json()['error']]).toEqual([
    1,
    {
      code: 'agent-not-startable',
      message: expect.stringMatching(/agent sh .*agent\.sh does not exist/),
      hint: expect.stringContaining('agents.sh'),
    },
  ]);
  project.repository.write({ 'agent.sh': '#!/bin/sh\n' });
  chmodSync(join(project.directory, 'agent.sh'), 0o644);
  expect((await project.orbit(['run', '001'])).stderr).toContain('is not executable');
  expect((await project.orbit(['show', 'T1', '--json'])).json()).toMatchObject({ attempts: 0 });
});

test('layer-status of a large layer stays readable, and JSON has all of it', async () => {
  using project = await makeProject();
  const ids = Array.from({ length: 40 }, (_, at) => `T${at + 1}`);
  project.plan('001', planText(...ids));
  const words = (await project.orbit(['layer-status', '001'])).stdout;
  expect(words).toContain('and 28 more (orbit ready --plan 001)');
  const { layers } = (await project.orbit(['layer-status', '001', '--json'])).json() as {
    layers: { ready: string[] }[];
  };
  expect(layers.flatMap(({ ready }) => ready)).toHaveLength(40);
});

test('paths that no file has yet are one doubt when they are many', async () => {
  using project = await makeProject();
  const tasks = Array.from({ length: 5 }, (_, at) => `- [ ] T00${at} x\n      Files: src/${at}.ts`);
  project.repository.write({ [file]: `# Tasks\n\n## Layer 1: One\n\n${tasks.join('\n')}\n` });
  const { stderr } = await project.orbit(['plan', '001']);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/files of 5 tasks match nothing yet: T000 \(line 5\)/),
  ]);
  rmSync(join(project.directory, '.git/orbit'), { recursive: true });
  expect(readFileSync(join(project.directory, file), 'utf8')).toContain('T004');
});

test('B5 whoever takes a task by hand reads what it asks, what proves it, and what others left', async () => {
  using project = await makeProject();
  project.repository.write({
    [file]:
      '# Tasks\n\n## Layer 1: One\n\n- [ ] T001 x\n      Files: a.txt\n      Check: test -s a.txt\n      - mind the gap\n',
  });
  await project.orbit(['start', 'T001', '--agent', 'one']);
  await project.orbit(['handoff', 'T001', 'half done']);
  const { stdout } = await project.orbit(['claim', '--agent', 'two', '--plan', '001']);
  for (const part of ['yours, two', 'mind the gap', 'may change: a.txt', 'check: test -s a.txt', 'half done'])
    expect(stdout).toContain(part);
});
