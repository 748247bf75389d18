import { expect, test } from 'vitest';
import { taskWith } from '../../../test/support/core-samples.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { Evidence, Task } from '../../core/task.ts';
import { openRepository } from '../../workspace/git/git-repository.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { buildCandidate, type Built } from './candidate.ts';

/** Finished work: `commit`, begun at `base`. */
function doneWith(scope: readonly string[], { base, commit }: { base: string; commit: string }): Task {
  const found = { tree: null, branch: null, commits: 1, files: 1, checks: [], noChanges: null };
  const evidence: Evidence = { token: 3, agent: 'a-1', commit, base, ...found, at: 1_000 };
  return taskWith({ id: 'T2', scope, evidence });
}

async function build(made: TestRepository, task: Task): Promise<Built> {
  const ports = { repository: await openRepository(made.directory) } as Partial<CoordinatorPorts> as CoordinatorPorts;
  return buildCandidate(ports, { task, base: made.git('rev-parse', 'target'), shared: [] });
}

function filesOf(made: TestRepository, built: Built): string[] {
  if (!built.ok) throw new Error(built.cause);
  return made.git('ls-tree', '-r', '--name-only', built.candidate.commit).split('\n');
}

test('S6 a merge that keeps only its own side takes nothing back that landed', async () => {
  using made = makeRepository({ files: { 'old.txt': '1' } });
  const base = made.git('rev-parse', 'HEAD');
  made.git('switch', '-q', '-c', 'target');
  made.write({ 'landed.txt': '1' });
  made.commit('Work of another');
  made.git('switch', '-q', '-c', 'work', base);
  made.write({ 'own.txt': '1' });
  made.commit('Own work');
  made.git('merge', '-q', '-s', 'ours', '-m', 'Bring it up to date', 'target');
  const task = doneWith(['own.txt'], { base, commit: made.git('rev-parse', 'HEAD') });
  expect(filesOf(made, await build(made, task))).toEqual(['landed.txt', 'old.txt', 'own.txt']);
});

test('S6 work on a history of its own lands like any other', async () => {
  using made = makeRepository({ files: { 'old.txt': '1' } });
  const base = made.git('rev-parse', 'HEAD');
  made.git('branch', 'target');
  made.git('switch', '-q', '--orphan', 'work');
  made.write({ 'old.txt': '1', 'own.txt': '1' });
  const task = doneWith(['own.txt'], { base, commit: made.commit('Begin anew') });
  expect(filesOf(made, await build(made, task))).toEqual(['old.txt', 'own.txt']);
});

test('S6 a commit that passes for a base of Orbit does not land with the work that was built on it', async () => {
  using made = makeRepository({ files: { 'old.txt': '1' } });
  made.git('branch', 'target');
  made.git('switch', '-q', '-c', 'work');
  made.write({ 'refused.txt': '1' });
  const base = made.commit('Base with the unlanded work of T9');
  made.write({ 'own.txt': '1' });
  const task = doneWith(['own.txt'], { base, commit: made.commit('Own work') });
  expect(filesOf(made, await build(made, task))).toEqual(['old.txt', 'own.txt']);
});
