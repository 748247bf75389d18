/**
 * A person's `git commit` in the very moment of a landing into the branch that they have checked out: it is made before the landing or
 * after it, and never of the old files on the landed commit.
 *
 * Both sides are stopped where it matters, by git's own means: Orbit's git in a filter that writes a file of the checkout; the
 * person's git in a hook.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

interface Stage {
  project: Project;
  /** Where `main` is checked out, and the git directory of that checkout. */
  checkout: string;
  gitDir: string;
  /** Resolves when Orbit's git stands in the filter in that checkout. */
  paused: () => Promise<void>;
  goOn: () => void;
  /** A person's git in that checkout. */
  git: (...args: readonly string[]) => string;
  commit: (...args: readonly string[]) => Promise<{ code: number | null; stderr: string }>;
}

const places = ['main checkout', 'linked worktree'] as const;

async function stage(place: (typeof places)[number], { filter = true } = {}): Promise<Stage> {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent(''), '.gitattributes': 'src/* filter=stop\n' },
  });
  const { repository, directory, outside } = project;
  const meet = join(outside, 'meet');
  mkdirSync(meet);
  const checkout = place === 'main checkout' ? directory : join(outside, 'linked');
  if (checkout !== directory) {
    repository.git('switch', '-q', '-c', 'aside');
    repository.git('worktree', 'add', '-q', checkout, 'main');
  }
  const stop = join(outside, 'stop.sh');
  writeFileSync(
    stop,
    `#!/bin/sh
if [ "$(pwd -P)" = '${checkout}' ]; then
  touch '${meet}/paused'
  until [ -e '${meet}/go' ]; do sleep 0.02; done
fi
exec cat
`,
  );
  chmodSync(stop, 0o755);
  if (filter) repository.git('config', 'filter.stop.smudge', stop);
  return {
    project,
    checkout,
    gitDir: repository.gitIn(checkout, 'rev-parse', '--absolute-git-dir'),
    paused: async () => until(meet, () => existsSync(join(meet, 'paused'))),
    goOn: () => writeFileSync(join(meet, 'go'), ''),
    git: (...args) => repository.gitIn(checkout, ...args),
    commit: async (...args) => {
      const child = spawn('git', ['commit', '-q', '--allow-empty', '-m', 'Mine', ...args], {
        cwd: checkout,
        env: { ...project.environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const code = await new Promise<number | null>((done) => child.once('close', done));
      return { code, stderr };
    },
  };
}

/** Resolves when `fits`, which is asked at every change in the folder. */
async function until(folder: string, fits: () => boolean): Promise<void> {
  await new Promise<void>((done) => {
    const watcher = watch(folder, look);
    function look(): void {
      if (!fits()) return;
      watcher.close();
      done();
    }
    look();
  });
}

/** Stops the person's next commit in its hook: resolves when it stands there. */
function stopInHook({ project, checkout, goOn }: Stage): { stands: () => Promise<void>; goOn: () => void } {
  const meet = join(project.outside, 'meet');
  const hook = join(project.directory, '.git/hooks/pre-commit');
  mkdirSync(join(project.directory, '.git/hooks'), { recursive: true });
  writeFileSync(
    hook,
    `#!/bin/sh
[ "$(pwd -P)" = '${checkout}' ] || exit 0
touch '${meet}/commits'
until [ -e '${meet}/go' ]; do sleep 0.02; done
`,
  );
  chmodSync(hook, 0o755);
  return { stands: async () => until(meet, () => existsSync(join(meet, 'commits'))), goOn };
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // A pause of the filter ended by itself meanwhile.
  }
}

const locks = (gitDir: string): string[] => readdirSync(gitDir).filter((name) => /^index./.test(name));

test.each(places)(
  'P4 I8 a commit while a checkout is moved is refused by git, and made a moment later (%s)',
  patience,
  async (place) => {
    const staged = await stage(place);
    const { project, paused, goOn, git, commit, gitDir } = staged;
    const run = project.run('001', '--into', 'main');
    await paused();
    expect(git('log', '-1', '--format=%s', 'main')).toBe('Use Orbit');
    expect(await commit()).toMatchObject({ code: 128, stderr: expect.stringMatching(/index\.lock': File exists/) });
    goOn();
    expect((await run.ended).code).toBe(0);
    expect([git('status', '--porcelain', '--', 'src'), locks(gitDir)]).toEqual(['', []]);
    expect(await commit()).toMatchObject({ code: 0 });
    expect(git('log', '--format=%s', '-2', '--first-parent', 'main')).toBe('Mine\nLand T001: One');
    expect(git('diff', '--stat', 'main~1', 'main')).toBe('');
    expect(git('show', 'main:src/T001.txt')).toBe('One');
  },
);

test.each(places)(
  'P4 I8 a commit at the instant in which the branch moves never takes back what landed (%s)',
  patience,
  async (place) => {
    const { project, git, commit } = await stage(place, { filter: false });
    const heads = join(project.directory, '.git/refs/heads');
    const before = git('rev-parse', 'main');
    const run = project.run('001', '--into', 'main');
    await until(heads, () => readFileSync(join(heads, 'main'), 'utf8').trim() !== before);
    const { code, stderr } = await commit();
    // Refused, unless the index was free again by then: the files had followed before the branch moved.
    expect(code === 0 ? 'made' : stderr).toMatch(/^made$|index\.lock': File exists|cannot lock ref/);
    expect((await run.ended).code).toBe(0);
    expect(git('log', '--format=%s', '--first-parent', `${before}..main`).split('\n').at(-1)).toBe('Land T001: One');
    expect(git('diff', '--name-only', before, 'main')).toBe('src/T001.txt');
    expect(git('status', '--porcelain', '--', 'src')).toBe('');
  },
);

test.each(places)(
  'B9 P1 I8 I15 Orbit is killed with a checkout half moved: the person is not locked out, and loses nothing (%s)',
  patience,
  async (place) => {
    const { project, paused, git, commit, gitDir } = await stage(place);
    const run = project.run('001', '--into', 'main');
    await paused();
    for (const { pid } of project.processes()) endNow(pid);
    await run.ended;
    project.repository.git('config', '--unset', 'filter.stop.smudge');
    expect(locks(gitDir)).toContain('index.lock');
    expect((await commit()).code).toBe(128);
    expect((await project.run('001').ended).code).toBe(0);
    expect([git('status', '--porcelain', '--', 'src'), locks(gitDir)]).toEqual(['', []]);
    expect(await commit()).toMatchObject({ code: 0 });
    expect(git('log', '--format=%s', '-2', '--first-parent', 'main')).toBe('Mine\nLand T001: One');
    expect(git('show', 'main:src/T001.txt')).toBe('One');
  },
);

test(
  'B9 I8 Orbit alone is killed, its git goes on: the next look waits for that git and then finishes',
  patience,
  async () => {
    const { project, paused, goOn, git, commit, gitDir } = await stage('main checkout');
    const run = project.run('001', '--into', 'main');
    await paused();
    endNow(run.pid);
    await run.ended;
    const next = project.run('001');
    await next.says('another git is at work there');
    expect((await commit()).code).toBe(128);
    goOn();
    expect((await next.ended).code).toBe(0);
    expect([git('status', '--porcelain', '--', 'src'), locks(gitDir)]).toEqual(['', []]);
    expect(await commit()).toMatchObject({ code: 0 });
    expect(git('show', 'main:src/T001.txt')).toBe('One');
  },
);

test('P4 I8 a commit that holds the index comes first: the landing waits and builds on it', patience, async () => {
  const staged = await stage('main checkout', { filter: false });
  const { project, git, commit } = staged;
  const hook = stopInHook(staged);
  const mine = commit('--all');
  await hook.stands();
  const run = project.run('001', '--into', 'main');
  await run.says('another git is at work there');
  expect(git('log', '-1', '--format=%s', 'main')).toBe('Use Orbit');
  hook.goOn();
  expect(await mine).toMatchObject({ code: 0 });
  expect((await run.ended).code).toBe(0);
  expect(git('log', '--format=%s', '-2', '--first-parent', 'main')).toBe('Land T001: One\nMine');
  expect(git('status', '--porcelain', '--', 'src')).toBe('');
});

test('P4 I8 a commit that began before the landing and ends after it is refused by git', patience, async () => {
  const staged = await stage('main checkout', { filter: false });
  const { project, git, commit } = staged;
  const hook = stopInHook(staged);
  const mine = commit();
  await hook.stands();
  expect((await project.run('001', '--into', 'main').ended).code).toBe(0);
  hook.goOn();
  expect(await mine).toMatchObject({ code: 128, stderr: expect.stringContaining("cannot lock ref 'HEAD'") });
  expect(git('log', '-1', '--format=%s', 'main')).toBe('Land T001: One');
  expect(git('status', '--porcelain', '--', 'src')).toBe('');
});
