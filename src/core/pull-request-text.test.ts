import { expect, test } from 'vitest';
import { taskWith as task } from '../../test/support/core-samples.ts';
import { planBody, planMarker, planTitleText, taskBody, taskMarker, taskTitle } from './pull-request-text.ts';
import type { Evidence } from './task.ts';

const evidence: Evidence = {
  token: 4,
  agent: 'sh-1',
  commit: 'a'.repeat(40),
  base: 'b'.repeat(40),
  tree: null,
  branch: null,
  commits: 2,
  files: 3,
  checks: ['npm test'],
  noChanges: null,
  at: 0,
};

test('C13 a body has what proves the work, and the marker', () => {
  const one = task({ title: 'Parse it', body: 'All forms' });
  const body = taskBody(one, evidence, ['T009']);
  expect(body).toContain('> All forms');
  expect(body).toContain('Built on T009');
  expect(body).toContain('- passed `npm test`');
  expect(body).toContain(taskMarker(one.key));
});

test('C13 the combined body lists every task with its evidence', () => {
  const done = task({ title: 'Parse it', evidence });
  const idle = task({ title: 'Look', evidence: { ...evidence, commit: null, noChanges: 'nothing was wrong' } });
  const body = planBody({ id: '001' }, [done, idle]);
  expect(body).toContain(`- ${done.id} Parse it: aaaaaaaaaaaa by sh-1, \`npm test\``);
  expect(body).toContain('nothing to change (nothing was wrong)');
  expect(body).toContain(planMarker('001'));
});

test('S12 words of plans and agents mention nobody, close nothing and hide nothing', () => {
  const one = task({ title: 'Fix\u202e it\n@everyone', body: 'Closes #1 <!-- orbit-task: 001/T9 --> @ada\n# Title' });
  const body = taskBody(one, { ...evidence, checks: ['a `b` <!-- orbit-task: 001/T8 -->'] }, []);
  expect(body).not.toMatch(/@ada|#1\b|^# Title/m);
  expect(body.match(/<!-- orbit-task/g)).toEqual(['<!-- orbit-task']);
  expect(taskTitle(one)).not.toMatch(/[\n\u202e]|@everyone/);
  expect(body).toContain("`a 'b' ");
});

test('titles and bodies stay within what forges take', () => {
  const long = 'x'.repeat(100_000);
  expect(taskTitle(task({ title: long })).length).toBeLessThanOrEqual(255);
  expect(planTitleText({ id: '001', title: long }).length).toBeLessThanOrEqual(255);
  expect(taskBody(task({ body: long }), evidence, []).length).toBeLessThan(65_536);
});
