import { expect, test } from 'vitest';
import { checkFault, type CheckPlace } from './check-fault.ts';

const place: CheckPlace = { path: '/usr/bin:/bin', hasSetUp: false, tree: new Set(['scripts/check.sh']), bring: [] };
const certainty = (check: string, more: Partial<CheckPlace> = {}): boolean | null =>
  checkFault(check, { ...place, ...more })?.certain ?? null;

test('what nobody can make is certain: shell operators, programs that are nowhere', () => {
  expect(certainty('ls | cat')).toBe(true);
  expect(certainty('ls > out')).toBe(true);
  expect(certainty('orbit-no-such-program --all')).toBe(true);
  expect(certainty('/nowhere/at/all')).toBe(true);
  expect(certainty('./new.sh && orbit-no-such-program && ls; pwd')).toBe(true);
  expect(checkFault('orbit-no-such-program', place)?.why).toContain('orbit-no-such-program');
});

test('what set-up, a task or an earlier command may make is a doubt', () => {
  expect(certainty('orbit-no-such-program', { hasSetUp: true })).toBe(false);
  expect(certainty('ls && orbit-no-such-program')).toBe(false);
  expect(certainty('./check.sh')).toBe(false);
  expect(certainty('node_modules/.bin/tool', { hasSetUp: true })).toBe(false);
  expect(certainty('ls | cat', { hasSetUp: true })).toBe(true);
});

test('what can run is not complained about', () => {
  expect(certainty('CI=1 ls -l && cat x')).toBeNull();
  expect(certainty('./scripts/check.sh "a | b"')).toBeNull();
  expect(certainty('./check.sh', { tree: null })).toBeNull();
  expect(certainty('./tools/check.sh', { bring: ['tools/'] })).toBeNull();
  expect(certainty('PATH=/bin ls', { path: '' })).toBeNull();
});
