/**
 * Prepares a workspace on a disk that is too small for it, and again when there is space; prints a line of JSON for each. Runs in a mount
 * namespace of its own, with the small disk at the directory that it is given.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openRepository } from '../../src/workspace/git/git-repository.ts';
import { openWorkspaces } from '../../src/workspace/git/git-workspaces.ts';

const disk = process.argv[2] ?? '';
const directory = join(disk, 'project');
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: existsSync(directory) ? directory : disk })
    .toString()
    .trim();

git('init', '-q', '-b', 'main', directory);
// Content that does not shrink in the object store.
writeFileSync(join(directory, 'large'), randomBytes(1_500_000));
git('add', '--all');
git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'Start');
const base = git('rev-parse', 'HEAD');
const filler = join(disk, 'filler');
const workspaces = await openWorkspaces(await openRepository(directory), {
  directory: '.worktrees',
  checkoutsAtOnceMax: 1,
});
const prepare = async (): Promise<unknown> =>
  workspaces.prepare({ task: '001/T1', token: 1, base, bring: [] }).then(
    ({ branch }) => ({ branch }),
    ({ code, retryable }: { code: string; retryable: boolean }) => ({ code, retryable }),
  );
const left = (): unknown => ({
  workspaces: existsSync(join(directory, '.worktrees')) ? readdirSync(join(directory, '.worktrees')) : [],
  branches: git('branch', '--list', '--format=%(refname:short)').split('\n'),
  worktrees: git('worktree', 'list').split('\n').length,
});
writeFileSync(filler, Buffer.alloc(1_000_000));
console.log(JSON.stringify({ first: await prepare(), left: left(), known: await workspaces.list() }));
rmSync(filler);
rmSync(join(directory, 'large'));
console.log(JSON.stringify({ second: await prepare() }));
