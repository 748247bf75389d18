import { expect, test } from 'vitest';
import type { TaskKey } from './id.ts';
import { modulePriorityMs, modulesOf, type ModuleTask } from './module.ts';

function task(key: TaskKey, more: Partial<ModuleTask> = {}): ModuleTask {
  const [plan = '', id = ''] = key.split('/');
  return { key, id, plan, parent: null, layer: null, scope: [], priority: 0, dependencies: [], ...more };
}

const names = (tasks: readonly ModuleTask[]): [string, readonly TaskKey[]][] =>
  modulesOf(tasks, {}).map(({ name, tasks: own }) => [name, own]);

test('E11 modules of the settings take the tasks whose scope meets them, by priority; the rest is kept together', () => {
  const tasks = [
    task('1/a', { scope: ['src/api/x.ts'] }),
    task('1/b', { scope: ['web/'] }),
    task('1/c', { scope: ['docs/'] }),
    task('2/d'),
  ];
  const settings = {
    api: { scope: ['src/api/**'], priority: 0, dependencies: [] },
    web: { scope: ['web/**'], priority: 2, dependencies: ['api'] },
  };
  const modules = modulesOf(tasks, settings);
  expect(modules.map((module) => [module.name, module.tasks, module.dependencies])).toEqual([
    ['web', ['1/b'], ['api']],
    ['api', ['1/a'], []],
    ['other', ['1/c', '2/d'], []],
  ]);
});

test('E11 without settings a plan has its features as modules, else its layers, else its folders', () => {
  expect(names([task('1/F1'), task('1/a', { parent: 'F1' }), task('1/b')])).toEqual([
    ['1/F1', ['1/F1', '1/a']],
    ['1/other', ['1/b']],
  ]);
  expect(names([task('1/a', { layer: 1 }), task('1/b', { layer: 2 }), task('1/c', { layer: 2 })])).toEqual([
    ['1/layer-1', ['1/a']],
    ['1/layer-2', ['1/b', '1/c']],
  ]);
  expect(names([task('1/a', { scope: ['src/x.ts'] }), task('1/b', { scope: ['*.md'] })])).toEqual([
    ['1/src', ['1/a']],
    ['1/other', ['1/b']],
  ]);
});

test('E11 a derived module comes after those that its tasks need, and has the priority of its most urgent task', () => {
  const tasks = [
    task('1/a', { layer: 1 }),
    task('1/b', { layer: 2, dependencies: ['1/a', '1/c'], priority: 3 }),
    task('1/c', { layer: 2 }),
  ];
  expect(modulesOf(tasks, {})).toMatchObject([
    { name: '1/layer-2', dependencies: ['1/layer-1'], priority: 3 },
    { name: '1/layer-1', dependencies: [], priority: 0 },
  ]);
});

test('E11 only a priority of the settings adds to the score: that of tasks stands in it already', () => {
  const module = { scope: [], priority: 2, dependencies: [] };
  expect(modulePriorityMs(module, true)).toBeGreaterThan(0);
  expect(modulePriorityMs(module, false)).toBe(0);
});
