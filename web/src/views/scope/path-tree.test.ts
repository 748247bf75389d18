import { expect, test } from 'vitest';
import { fixedPart, hotPaths, pathRows, pathTree } from './path-tree.ts';

const held = [
  { task: 'A', agent: 'one', scope: ['src/api/**', 'package.json'] },
  { task: 'B', agent: 'two', scope: ['src/core/plan.ts', 'src/core/**/*.test.ts'] },
];

test('a glob hangs where its fixed part ends', () => {
  expect(['src/api/**', '**', './docs/*.md', 'src/{a,b}/c', 'a/b.ts', 'web/**/x'].map(fixedPart)).toEqual([
    'src/api',
    '',
    'docs',
    'src',
    'a/b.ts',
    'web',
  ]);
});

test('each directory says how many tasks and conflicts are below it', () => {
  const root = pathTree(held, ['src/core/plan.ts', 'src/core/plan.ts']);
  expect(root).toMatchObject({ tasks: 2, conflicts: 2 });
  const rows = pathRows(root, new Set());
  expect(rows.map(({ name, level, tasks, conflicts }) => [name, level, tasks, conflicts])).toEqual([
    ['/', 1, 2, 2],
    ['package.json', 2, 1, 0],
    ['src', 2, 2, 2],
    ['api', 3, 1, 0],
    ['core', 3, 1, 2],
    ['plan.ts', 4, 1, 2],
  ]);
});

test('directories with a single one in them are one row; closed ones hide what is below', () => {
  const root = pathTree([{ task: 'A', agent: 'one', scope: ['a/b/c/**', 'a/b/c/d.ts'] }], []);
  expect(pathRows(root, new Set()).map(({ name }) => name)).toEqual(['/', 'a/b/c', 'd.ts']);
  expect(pathRows(root, new Set(['a/b/c'])).map(({ name }) => name)).toEqual(['/', 'a/b/c']);
});

test('a task without a scope may write anywhere', () => {
  expect(pathTree([{ task: 'A', agent: 'one', scope: [] }], []).holders).toEqual([
    { task: 'A', agent: 'one', entry: '**' },
  ]);
});

test('hot files are those that most conflicts name', () => {
  const conflicts = [
    { task: 'A', with: 'B', paths: ['x', 'y'] },
    { task: 'C', with: null, paths: ['y'] },
  ];
  expect(hotPaths(conflicts)).toEqual([
    { path: 'y', conflicts: 2, tasks: ['A', 'B', 'C'] },
    { path: 'x', conflicts: 1, tasks: ['A', 'B'] },
  ]);
});
