/** A5: strict layers, each on a branch of its own that begins where the one before ended. */
import { expect, test } from 'vitest';
import { shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

const plan = `# Tasks
layers: hard

## Layer 1: Ground

- [ ] T001 One
- [ ] T002 Two

## Layer 2: Walls

- [ ] T003 Three
- [ ] T004 Four

## Layer 3: Roof

- [ ] T005 Five
`;

test(
  'A5 I14 each layer lands whole on its branch before the next opens, and the last branch holds all',
  patience,
  async () => {
    const project = await makeProject({
      plan,
      settings: shellSettings(3, { autoMergeOnComplete: true }),
      files: { 'agent.sh': shellAgent('') },
    });
    const git = (...args: string[]): string => project.repository.git(...args);
    const start = git('rev-parse', 'main');
    const run = project.run('001');
    expect(await run.ended).toMatchObject({ code: 0, summary: { landed: 5 } });
    const files = (branch: string): string[] => git('ls-tree', '-r', '--name-only', branch, 'src').split('\n');
    const all = [1, 2, 3, 4, 5].map((number) => `src/T00${number}.txt`);
    expect(files('layer-1-001')).toEqual(all.slice(0, 2));
    expect(files('layer-2-001')).toEqual(all.slice(0, 4));
    expect(files('layer-3-001')).toEqual(all);
    expect(git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')).toEqual([
      'layer-1-001',
      'layer-2-001',
      'layer-3-001',
      'main',
    ]);
    expect(git('merge-base', 'main', 'layer-1-001')).toBe(git('rev-parse', 'layer-1-001'));
    expect(git('merge-base', start, 'layer-1-001')).toBe(start);
    // Every first step of a branch stands on the tip of the one before.
    for (const [below, above] of [
      ['layer-1-001', 'layer-2-001'],
      ['layer-2-001', 'layer-3-001'],
    ] as const)
      expect(git('rev-list', '--first-parent', above).split('\n')).toContain(git('rev-parse', below));
    expect(git('rev-parse', 'main')).toBe(git('rev-parse', 'layer-3-001'));
    const order = run.events.filter(({ type }) => type === 'task-claimed' || type === 'task-landed');
    const lastLanded = Math.max(
      ...['T001', 'T002'].map((task) =>
        order.findIndex((event) => event.type === 'task-landed' && event.task === task),
      ),
    );
    expect(order.findIndex(({ type, task }) => type === 'task-claimed' && task === 'T003')).toBeGreaterThan(lastLanded);
    const { json } = await project.orbit('report', '001', '--json');
    expect(json).toMatchObject({ plans: [{ target: 'refs/heads/layer-3-001', completed: 5 }] });
  },
);

test('A5 with --into all layers land on one branch', patience, async () => {
  const project = await makeProject({
    plan,
    settings: shellSettings(3),
    files: { 'agent.sh': shellAgent('') },
  });
  const run = project.run('001', '--into', 'all-in-one');
  expect(await run.ended).toMatchObject({ code: 0, summary: { landed: 5 } });
  const git = (...args: string[]): string => project.repository.git(...args);
  expect(git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')).toEqual(['all-in-one', 'main']);
});

test('A5 the end of a run names the branch of the open layer, not one that no work has reached', patience, async () => {
  const project = await makeProject({
    plan,
    settings: shellSettings(3),
    files: { 'agent.sh': shellAgent('') },
  });
  await project.orbit('plan', '001');
  expect((await project.orbit('pause', 'T001')).code).toBe(0);
  const { code, stdout } = await project.orbit('run', '001');
  expect(code).toBe(4);
  const next = stdout.slice(stdout.indexOf('Where to look next:')).split('\n');
  expect(next.map((line) => line.trim()).filter((line) => line !== '')).toEqual([
    'Where to look next:',
    'orbit why T001',
    'git log --first-parent layer-1-001',
    'orbit land 001 --so-far',
  ]);
});
