import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { KeptPiece, PieceFacts, Workspaces } from '../workspace.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

interface Setup extends Disposable {
  made: TestRepository;
  base: string;
  workspaces: Workspaces;
  /** A commit of these files on `from`, under a ref; answers it. */
  keep: (ref: string, files: Record<string, string>, order?: { from?: string; message?: string }) => string;
  survey: (task?: string, facts?: Partial<PieceFacts>) => Promise<KeptPiece[]>;
}

async function setUp(objectFormat: 'sha1' | 'sha256' = 'sha1'): Promise<Setup> {
  const made = makeRepository({ files: { a: '1\n', b: '1\n' }, objectFormat });
  const workspaces = await openWorkspaces(await openRepository(made.directory), {
    directory: '.worktrees',
    checkoutsAtOnceMax: 2,
  });
  const base = made.git('rev-parse', 'HEAD');
  const keep: Setup['keep'] = (ref, files, { from = base, message = 'Work' } = {}) => {
    made.git('checkout', '-q', '--detach', from);
    made.write(files);
    const commit = made.commit(message);
    made.git('update-ref', ref, commit);
    made.git('checkout', '-q', 'main');
    return commit;
  };
  const survey: Setup['survey'] = async (task, facts) =>
    workspaces.survey(task ?? null, () => ({ targets: ['main'], base, since: null, ...facts }));
  return { made, base, workspaces, keep, survey, [Symbol.dispose]: () => made.dispose() };
}

const brief = (pieces: readonly KeptPiece[]): Record<string, unknown> =>
  Object.fromEntries(
    pieces.map(({ ref, commits, files, onTarget }) => [ref.replace('refs/orbit/', ''), [commits, files, onTarget]]),
  );

test.each(['sha1', 'sha256'] as const)(
  'P1 I7 what the target has, by history or by content, and what it has not (%s)',
  async (format) => {
    using setup = await setUp(format);
    const { made, base, keep, survey } = setup;
    const merged = keep('refs/orbit/attempts/T1/1', { new: 'x\n' });
    const squashed = keep('refs/orbit/attempts/T1/2', { new2: 'y\n' }, { from: keep('refs/x', { a: '2\n' }) });
    keep('refs/orbit/attempts/T2/3', { a: '3\n' });
    keep(
      'refs/orbit/salvage/T2/3',
      { b: '3\n' },
      { from: made.git('rev-parse', 'refs/orbit/attempts/T2/3'), message: 'Uncommitted work of task T2, attempt 3' },
    );
    keep('refs/orbit/salvage/T1/1', { new: 'x\n' }, { message: 'Uncommitted work of task T1, attempt 1' });
    keep('refs/orbit/conflict/T2/3', { a: '<<<<\n' });
    keep('refs/heads/orbit-work/001/T3-4', { c: '1\n' });
    made.git('update-ref', 'refs/heads/orbit-work/001/T1-1', merged);
    made.git('rm', '-q', 'b');
    const removed = made.commit('remove');
    made.git('update-ref', 'refs/orbit/attempts/T4/5', removed);
    made.git('reset', '-q', '--hard', base);
    made.git('merge', '-q', '--no-ff', '-m', 'merge', merged);
    made.git('merge', '-q', '--squash', squashed);
    made.git('rm', '-q', 'b');
    made.commit('squashed');
    // Content that was changed again later was there all the same.
    made.write({ new2: 'z\n' });
    made.commit('later');
    expect(brief(await survey())).toEqual({
      'attempts/T1/1': [0, 0, 'history'],
      'attempts/T1/2': [2, 2, 'content'],
      'attempts/T2/3': [1, 1, null],
      'attempts/T4/5': [1, 1, 'content'],
      'salvage/T2/3': [1, 1, null],
      'salvage/T1/1': [1, 1, 'content'],
      'conflict/T2/3': [1, 1, null],
      'refs/heads/orbit-work/001/T3-4': [1, 1, null],
    });
    expect(Object.keys(brief(await survey('001/T2')))).toEqual(
      expect.arrayContaining(['attempts/T2/3', 'conflict/T2/3', 'salvage/T2/3']),
    );
    expect((await survey('T2')).map(({ token }) => token)).toEqual([3, 3, 3]);
    // Without a target nothing is proven.
    expect((await survey(undefined, { targets: ['nothing'] })).every(({ onTarget }) => onTarget === null)).toBe(true);
    // Without a base the work begins where the target has it.
    expect(brief(await survey('T1', { base: null }))['attempts/T1/2']).toEqual([2, 2, 'content']);
  },
);

test('P1 I7 a file with the content of another is not there, nor is one that is only elsewhere', async () => {
  using setup = await setUp();
  const { keep, survey, made } = setup;
  keep('refs/orbit/attempts/T1/1', { 'pkg/__init__.py': '1\n' });
  keep('refs/orbit/attempts/T1/2', { a: '2\n', b: '2\n' });
  // Half of it on each of two branches is nowhere.
  made.write({ a: '2\n' });
  made.commit('half');
  made.git('checkout', '-q', '-b', 'other', 'HEAD~1');
  made.write({ b: '2\n' });
  made.commit('other half');
  const pieces = await survey(undefined, { targets: ['main', 'other'] });
  expect(pieces.map(({ onTarget }) => onTarget)).toEqual([null, null]);
});

test('P1 work that was put onto another base is listed, and comes back as a branch', async () => {
  using setup = await setUp();
  const { keep, workspaces, survey, made } = setup;
  const commit = keep('refs/x', { a: '2\n' });
  const ref = `refs/orbit/restacked/001/T1/7-${commit.slice(0, 12)}`;
  made.git('update-ref', ref, commit);
  expect(await survey('T1')).toMatchObject([
    { ref, task: 'T1', token: 7, kind: 'restacked', commits: 1, files: 1, onTarget: null },
  ]);
  await workspaces.restore(ref, 'back');
  expect(made.git('rev-parse', 'back')).toBe(commit);
  expect(await workspaces.purge(ref, commit)).toBe(true);
  expect(await survey()).toEqual([]);
});

test('P1 only a person purges, and only what is still as it was seen', async () => {
  using setup = await setUp();
  const { keep, workspaces, survey } = setup;
  const commit = keep('refs/orbit/attempts/T1/1', { a: '2\n' });
  const later = keep('refs/orbit/attempts/T1/1', { a: '3\n' });
  expect(await workspaces.purge('refs/orbit/attempts/T1/1', commit)).toBe(false);
  expect(await survey()).toHaveLength(1);
  expect(await workspaces.purge('refs/orbit/attempts/T1/1', later)).toBe(true);
  expect(await survey()).toEqual([]);
  const ref = 'refs/heads/orbit-work/001/T1-2';
  await workspaces.prepare({ task: '001/T1', token: 2, base: later, bring: [] });
  await expect(workspaces.purge(ref, later)).rejects.toMatchObject({ message: `${ref} is checked out` });
  await expect(workspaces.purge('refs/heads/main', later)).rejects.toMatchObject({ code: 'bad-id' });
});

test('P1 10,000 refs are surveyed by a handful of processes', async () => {
  using setup = await setUp();
  const { made, base, survey } = setup;
  const names = Array.from({ length: 10_000 }, (_, index) => index + 1);
  const stream = names.map((number) =>
    [
      `commit refs/orbit/${number % 2 === 0 ? 'attempts' : 'salvage'}/T${number % 100}/${number}`,
      'committer A <a@example.org> 1767323045 +0000',
      'data 4',
      'Work',
      `from ${base}`,
      `M 100644 inline f${number}`,
      'data 2',
      '1',
      '',
    ].join('\n'),
  );
  execFileSync('git', ['fast-import', '--quiet'], { cwd: made.directory, input: `${stream.join('\n')}\n` });
  const ran = countRuns(made);
  const pieces = await survey();
  expect(pieces).toHaveLength(10_000);
  expect(pieces.every(({ commits, files, onTarget }) => commits === 1 && files === 1 && onTarget === null)).toBe(true);
  expect(ran()).toBeLessThan(10);
});

/** From now on git is run through a script that notes each run; answers how many there were. */
function countRuns(made: TestRepository): () => number {
  const folder = join(made.directory, '../counting');
  const notes = join(folder, 'runs');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  made.write({ git: `#!/bin/sh\necho run >> '${notes}'\nexec '${real}' "$@"\n` }, folder);
  chmodSync(join(folder, 'git'), 0o755);
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder}:${path}`;
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  return () => readFileSync(notes, 'utf8').trim().split('\n').length;
}
