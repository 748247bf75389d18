/** Landing on a branch that somebody has checked out: what follows, what holds it, and what is never overwritten. */
import { expect, test } from 'vitest';
import { landedOn } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, planFile, type ProjectOrder } from '../support/e2e.ts';

const two: ProjectOrder = {
  plan: planText({ 'T001 One': [], 'T002 Two': ['Dependencies: T001'] }),
  settings: shellSettings(1),
  files: { 'agent.sh': shellAgent('') },
};

test('A3 I8 ticks that Orbit writes into a committed plan do not hold what lands on that branch', async () => {
  const { repository, run, read } = await makeProject(two);
  const ended = await run('001', '--into', 'main').ended;
  expect({ code: ended.code, left: ended.summary?.left }).toEqual({ code: 0, left: [] });
  expect(repository.git('log', '--format=%s', '-2', '--first-parent', 'main')).toBe('Land T002: Two\nLand T001: One');
  expect(read('src/T002.txt')).toBe('Two\n');
  expect(read(planFile)).toMatch(/\[x\] T001.*\[x\] T002/s);
  expect(repository.git('status', '--porcelain')).toBe(` M ${planFile}`);
});

test('B1 P9 a dirty target holds all that waits for it, and every screen says so once', patience, async () => {
  const tasks = { 'T001 One': [], 'T002 Two': [], 'T003 Three': [], 'T004 Four': ['Dependencies: T001'] };
  const { repository, run, orbit } = await makeProject({ ...two, plan: planText(tasks, 'unblock: landed') });
  repository.write({ 'README.md': 'half an edit\n' });
  const { code, summary } = await run('001', '--into', 'main').ended;
  expect({ code, left: summary?.left.map(({ task, reason }) => [task, /commit or remove/.test(reason)]) }).toEqual({
    code: 4,
    left: [...['T001', 'T002', 'T003'].map((task) => [task, true]), ['T004', false]],
  });
  for (const [verb, keys] of [
    ['list', '001/T001, 001/T002, 001/T003: held since '],
    ['queue', '001/T001, 001/T002, 001/T003: held since '],
    ['inbox', '001/T001, 001/T002, 001/T003: held since '],
    ['blocked', '001/T001: held since '],
    ['run', '001/T001, 001/T002, 001/T003: refs/heads/main is checked out '],
  ] as const) {
    const { stdout } = await orbit(verb);
    expect([verb, stdout.split('commit or remove them').length - 1]).toEqual([verb, 1]);
    expect(stdout).toContain(keys);
  }
  expect((await orbit('list', '--status', 'blocked')).stdout).not.toContain('held');
});

test('I8 P1 a file of the user’s that a landing would overwrite holds that landing before anything moves', async () => {
  const { repository, run, read } = await makeProject(two);
  repository.write({ 'src/T002.txt': 'precious\n' });
  const held = await run('001', '--into', 'main').ended;
  expect({ code: held.code, left: held.summary?.left }).toEqual({
    code: 4,
    left: [{ task: 'T002', plan: '001', status: 'landing', reason: expect.stringContaining('src/T002.txt') }],
  });
  expect(landedOn(repository, 'main', 'main~1').map(({ task }) => task)).toEqual(['T001']);
  expect(read('src/T002.txt')).toBe('precious\n');
  expect(repository.git('status', '--porcelain', '--', 'src')).toBe('?? src/T002.txt');
  repository.git('clean', '-q', '-f', 'src/T002.txt');
  expect((await run('001').ended).code).toBe(0);
  expect(read('src/T002.txt')).toBe('Two\n');
});
