import { expect, test } from 'vitest';
import { coversPath } from './covers.ts';
import { parseQuery, type TaskRow } from './query.ts';

const row = (fields: Partial<TaskRow> = {}): TaskRow => ({
  id: 'T031',
  key: '001/T031',
  plan: '001',
  title: 'HTTP client with retries',
  status: 'running',
  layer: 3,
  agent: null,
  dependencies: ['001/T010'],
  waitingFor: [],
  score: 1,
  kind: 'implement',
  priority: 0,
  holder: 'claude-1',
  token: 7,
  attempts: 2,
  reason: null,
  pr: null,
  costUsd: 2.5,
  scope: ['src/api/**'],
  ...fields,
});
const matches = (text: string, fields?: Partial<TaskRow>): boolean => parseQuery(text).matches(row(fields));

test('every term has to hold, in any order, with free words', () => {
  expect(matches('state:running layer:3 agent:claude-1 file:src/api/http.ts cost:>2 client')).toBe(true);
  expect(matches('state:running layer:4')).toBe(false);
  expect(matches('"http client"')).toBe(true);
  expect(matches('"client http"')).toBe(false);
  expect(matches('')).toBe(true);
});

test('a comma means any of them, a minus none of them', () => {
  expect(matches('state:ready,running')).toBe(true);
  expect(matches('-state:ready,running')).toBe(false);
  expect(matches('-retries')).toBe(false);
  expect(matches('-state:')).toBe(true);
});

test('groups of states have names', () => {
  expect(matches('state:open')).toBe(true);
  expect(matches('state:failed', { status: 'needs-you' })).toBe(true);
  expect(matches('state:failed', { status: 'needs-you', attempts: 0 })).toBe(false);
  expect(matches('state:ended', { status: 'landed' })).toBe(true);
});

test('numbers are compared, and what is unknown holds for nothing', () => {
  expect(matches('cost:2..3')).toBe(true);
  expect(matches('cost:>=2.5')).toBe(true);
  expect(matches('cost:<2.5')).toBe(false);
  expect(matches('cost:>0', { costUsd: undefined })).toBe(false);
  expect(matches('layer:none', { layer: null })).toBe(true);
  expect(matches('cost:>x')).toBe(false);
});

test('names take stars; an agent is the wanted one or the one at work', () => {
  expect(matches('agent:claude*')).toBe(true);
  expect(matches('agent:codex', { agent: 'codex' })).toBe(true);
  expect(matches('agent:claude')).toBe(false);
  expect(matches('id:T0*1')).toBe(true);
  expect(matches('needs:T010')).toBe(true);
});

test('what is not understood is told', () => {
  expect(parseQuery('colour:red').faults).toHaveLength(1);
  expect(parseQuery('state:sleeping').faults[0]).toContain('sleeping');
  expect(parseQuery('state:failed layer:3 words').faults).toEqual([]);
});

test('a path and a scope meet where a file can be in both', () => {
  expect(coversPath('src/api/**', 'src/api/deep/file.ts')).toBe(true);
  expect(coversPath('src/api/**', 'src/**')).toBe(true);
  expect(coversPath('src/*.ts', 'src/a.ts')).toBe(true);
  expect(coversPath('src/*.ts', 'src/a*')).toBe(true);
  expect(coversPath('src/*.ts', 'src/deep/a.ts')).toBe(false);
  expect(coversPath('src/api', 'src/api/x.ts')).toBe(true);
  expect(coversPath('docs/**', 'src/api/x.ts')).toBe(false);
  expect(coversPath('package.json', 'package.json')).toBe(true);
});
