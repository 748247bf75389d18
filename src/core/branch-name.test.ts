import { expect, test } from 'vitest';
import { branchRef } from './branch-name.ts';

test('a branch is known by its name or its full ref, and what git would not take is none', () => {
  expect(['main', 'a/b-1', 'refs/heads/x', 'ünï'].map(branchRef)).toEqual([
    'refs/heads/main',
    'refs/heads/a/b-1',
    'refs/heads/x',
    'refs/heads/ünï',
  ]);
  const bad = [
    '',
    '-x',
    'HEAD',
    'a..b',
    'a b',
    'a~1',
    'a//b',
    'x.lock',
    'a.lock/b',
    '.a',
    'a/.b',
    'a/',
    'a.',
    'a@{1}',
    'refs/tags/x',
    'a:b',
  ];
  expect(bad.filter((name) => branchRef(name) !== null)).toEqual([]);
});
