/**
 * An attempt's workspace: what `prepare` and `remove` take from a warm pool, against the bare git commands for the same and against a plain
 * `git worktree add`; 32 at once; and what an earlier set-up saves.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '../src/workspace/git/git-repository.ts';
import { openWorkspaces } from '../src/workspace/git/git-workspaces.ts';
import { register, unregisterAll } from '../src/workspace/git/registration.ts';
import type { WorkspaceFolder } from '../src/workspace/git/workspace-folder.ts';
import type { Workspaces } from '../src/workspace/workspace.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { runAlone } from './processes.ts';
import { generateRepository, type GeneratedRepository } from './repository.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'workspace', run };

const warmUp = 2;
const settings = { directory: '.worktrees', checkoutsAtOnceMax: availableParallelism() };

async function run(options: MeasureOptions): Promise<Row[]> {
  const rows = [...(await pooled(options, 5_000, 0.1)), ...(await together(options)), ...(await kept(options))];
  return options.quick ? rows : [...(await pooled(options, 50_000, 0.05)), ...rows];
}

/** Each attempt starts from another commit, as attempts do. */
async function pooled({ quick }: MeasureOptions, files: number, most: number): Promise<Row[]> {
  using scratch = makeScratch();
  const repository = generateRepository({ directory: join(scratch.directory, 'project'), files, branches: 30 });
  const cwd = repository.directory;
  const workspaces = await openWorkspaces(await openRepository(cwd), settings);
  const bare = join(scratch.directory, 'bare');
  repository.git('worktree', 'add', '--quiet', '--detach', bare, 'main');
  const git = (directory: string, ...args: string[]): number => runAlone({ command: 'git', args, cwd: directory }).ms;
  const removals: number[] = [];
  let token = 0;
  const samples = await inRounds(
    // A plain checkout of so many files takes half a minute and more.
    { rounds: quick || files > 10_000 ? 4 : 9, warmUp },
    {
      orbit: async (round) => {
        token += 1;
        const [ms, removing] = await life(workspaces, token, commitOf(repository, round));
        if (round >= warmUp) removals.push(removing);
        return ms;
      },
      bare: (round) =>
        git(bare, 'checkout', '--quiet', '--force', '--detach', commitOf(repository, round)) +
        git(bare, 'clean', '-ffdxq'),
      plain: (round) => {
        const directory = join(scratch.directory, `plain-${round}`);
        const ms = git(cwd, 'worktree', 'add', '--quiet', '--detach', directory, commitOf(repository, round));
        repository.git('worktree', 'remove', '--force', directory);
        return ms;
      },
    },
  );
  const what = `workspace of ${files.toLocaleString('en')} files`;
  const prepare = { value: median(samples.orbit), unit: 'ms' } as const;
  const both = { value: median(samples.orbit.map((ms, index) => ms + (removals[index] ?? 0))), unit: 'ms' } as const;
  const plain = { value: median(samples.plain), unit: 'ms', of: 'git worktree add' } as const;
  const bareLimit = { value: median(samples.bare), unit: 'ms', of: 'checkout + clean' } as const;
  return [
    { what: `${what}: prepare`, measured: prepare, limit: plain, goal: { of: 'ratio', most } },
    {
      what: '  the same against the bare commands',
      measured: prepare,
      limit: bareLimit,
      goal: { of: 'ratio', most: 2 },
    },
    { what: `${what}: prepare and remove`, measured: both, limit: plain },
  ];
}

async function life(workspaces: Workspaces, token: number, base: string): Promise<[number, number]> {
  const order = { task: '001/T001', token, base, bring: [] } as const;
  let directory = '';
  const preparing = await timed(async () => ({ directory } = await workspaces.prepare(order)));
  const removing = await timed(async () => {
    if (!(await workspaces.remove(order.task, token, directory))) throw new Error(`${directory} was not removed`);
  });
  return [preparing, removing];
}

function commitOf({ branches, base }: GeneratedRepository, round: number): string {
  return branches[round % branches.length] ?? base;
}

/** 32 agents start in the same moment; then the registration of their worktrees alone. */
async function together({ quick }: MeasureOptions): Promise<Row[]> {
  using scratch = makeScratch();
  const { directory, base } = generateRepository({ directory: join(scratch.directory, 'project'), files: 200 });
  const repository = await openRepository(directory);
  const workspaces = await openWorkspaces(repository, settings);
  const rounds = quick ? 2 : 8;
  let failures = 0;
  const each: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const tokens = Array.from({ length: 32 }, (_, index) => round * 32 + index + 1);
    const made = await Promise.allSettled(
      tokens.map(async (token) => workspaces.prepare({ task: '001/T001', token, base, bring: [] })),
    );
    failures += made.filter(({ status }) => status === 'rejected').length;
    for (const token of tokens) await workspaces.remove('001/T001', token, join(directory, `.worktrees/T001-${token}`));
    alone.push(bareRegistration(directory, join(scratch.directory, 'bare')));
    each.push(await registration(folderOf(directory, repository), base));
  }
  return [
    {
      what: `32 workspaces at once, ${rounds} times: failures`,
      measured: { value: failures, unit: '' },
      goal: { of: 'measured', most: 0 },
    },
    {
      what: '  registration of each, 32 at once',
      measured: { value: median(each), unit: 'ms' },
      limit: { value: median(alone), unit: 'ms', of: 'worktree add --no-checkout' },
      goal: { of: 'measured', most: 15 },
    },
  ];
}

function bareRegistration(cwd: string, directory: string): number {
  const args = ['worktree', 'add', '--quiet', '--no-checkout', '--detach', directory, 'main'];
  const { ms } = runAlone({ command: 'git', args, cwd });
  runAlone({ command: 'git', args: ['worktree', 'remove', '--force', directory], cwd });
  return ms;
}

async function registration(folder: WorkspaceFolder, commit: string): Promise<number> {
  const directories = Array.from({ length: 32 }, (_, index) => join(folder.root, `register-${index}`));
  const ms = await timed(async () =>
    Promise.all(directories.map(async (directory) => register(folder, { directory, commit, reason: 'bench' }))),
  );
  for (const directory of directories) {
    await unregisterAll(folder, directory);
    rmSync(directory, { recursive: true });
  }
  return ms / directories.length;
}

function folderOf(top: string, repository: Awaited<ReturnType<typeof openRepository>>): WorkspaceFolder {
  const { commonDirectory } = repository;
  const root = join(top, '.worktrees');
  const unused = { caches: [], setUp: () => null, setUps: new Map(), note: () => undefined };
  return { repository, commonDirectory, top, root, checkoutsAtOnceMax: 2, ...unused };
}

const dependencies = 2_500;

/** A workspace whose set-up made thousands of files: with those of the slot's last user, or copied from the template. */
async function kept({ quick }: MeasureOptions): Promise<Row[]> {
  using scratch = makeScratch();
  const repository = generateRepository({ directory: join(scratch.directory, 'project'), files: 1_000 });
  writeFileSync(join(repository.directory, '.gitignore'), 'node_modules/\n');
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '-m', 'Ignore dependencies');
  const base = repository.git('rev-parse', 'HEAD');
  const setUp = () => ({ commands: ['npm ci'], reads: null, runtime: 'bench' });
  const workspaces = await openWorkspaces(await openRepository(repository.directory), { ...settings, setUp });
  let token = 1;
  const first = await workspaces.prepare({ task: '001/T001', token, base, bring: [] });
  install(first.directory);
  const why = await workspaces.setUpOf(first.directory)?.keep();
  if (why !== null) throw new Error(`nothing was kept: ${why}`);
  // Stays, to be copied by hand; so the pool is empty when the first round begins.
  const acquire = async (): Promise<number> => {
    token += 1;
    return timed(async () => {
      const { directory } = await workspaces.prepare({ task: '001/T001', token, base, bring: [] });
      if (workspaces.setUpOf(directory)?.isDone !== true) throw new Error('the set-up would run');
    });
  };
  const release = async (): Promise<void> => {
    await workspaces.remove('001/T001', token, join(repository.directory, `.worktrees/T001-${token}`));
  };
  const samples = await inRounds(
    { rounds: quick ? 3 : 9, warmUp: 1 },
    {
      slot: async () => {
        await acquire();
        await release();
        const ms = await acquire();
        await release();
        return ms;
      },
      copy: (round) => {
        const target = join(scratch.directory, `copy-${round}`);
        const args = ['-a', join(first.directory, 'node_modules'), target];
        const { ms } = runAlone({ command: 'cp', args, cwd: scratch.directory });
        rmSync(target, { recursive: true });
        return ms;
      },
    },
  );
  return [
    {
      what: `workspace with ${dependencies.toLocaleString('en')} files of dependencies kept: prepare`,
      measured: { value: median(samples.slot), unit: 'ms' },
      limit: { value: median(samples.copy), unit: 'ms', of: 'cp -a of them' },
    },
  ];
}

function install(directory: string): void {
  for (let number = 0; number < dependencies; number += 1) {
    const folder = join(directory, 'node_modules', `package-${Math.floor(number / 10)}`);
    if (number % 10 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${number}.js`), `${'x'.repeat(1_000 + number)}\n`);
  }
}
