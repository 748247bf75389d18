/**
 * Orbit as a user has it: the built program as real processes in a fresh repository.
 *
 * Owns the project of one test and its end: whatever still runs of it is ended by number when the test is over, and told. All
 * its processes are known by their home directory, which Orbit hands down to runners, agents and checks.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { lookAtProcess, processIdentity } from '../../src/platform/process.ts';
import { readEnvironment, readProcessTable } from '../../src/platform/process-table.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startRun, type OrbitRun } from './e2e-run.ts';
import { makeRepository, type TestRepository } from './repository.ts';

/** The program under test; `ORBIT_BUNDLE` names another build of it. */
export const bundle: string = resolve(process.env['ORBIT_BUNDLE'] ?? 'dist/orbit.cjs');

/** Only what hangs ends by this; a slow or busy machine is no reason to fail. */
export const patience = { timeout: 240_000 } as const;

export const planFile = 'specs/001/agent-tasks/layered-tasks.md';

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Standard output read as JSON; `null` where it is none. */
  json: unknown;
}

export interface ProjectOrder {
  plan?: string;
  settings?: Readonly<Record<string, unknown>>;
  /** Played by the scripted agent `demo`: task → attempts → steps. */
  script?: Readonly<Record<string, unknown>>;
  /** Further files of the first commit. */
  files?: Readonly<Record<string, string>>;
  /** Without `orbit init`. */
  bare?: boolean;
  /** Further variables for all of Orbit's processes. */
  environment?: Readonly<Record<string, string>>;
}

export interface Project {
  directory: string;
  repository: TestRepository;
  /** Files that are nobody's commit: agents of a test meet there. */
  outside: string;
  environment: Readonly<Record<string, string>>;
  /** Runs a verb to its end. */
  orbit: (...args: readonly string[]) => Promise<Answer>;
  /** Starts `orbit run … --json` and leaves it running. */
  run: (...args: readonly string[]) => OrbitRun;
  store: () => Promise<Store>;
  /** Everything in the user's checkout that a run must leave alone, as text to compare. */
  checkout: () => string;
  read: (path: string) => string;
  /** Living processes of this project. */
  processes: () => ProjectProcess[];
}

export interface ProjectProcess {
  pid: number;
  name: string;
  command: string;
}

/** Makes the repository, the user's files in it and, unless `bare`, an Orbit project. All of it is gone after the test. */
export async function makeProject(order: ProjectOrder): Promise<Project> {
  const repository = makeRepository();
  const files = filesOf(order);
  repository.write(files);
  for (const path of Object.keys(files)) if (path.endsWith('.sh')) chmodSync(join(repository.directory, path), 0o755);
  repository.commit('Start');
  repository.git('config', 'user.name', 'Ada');
  repository.git('config', 'user.email', 'ada@example.org');
  const project = projectIn(repository, order.environment);
  onTestFinished(() => {
    endProcesses(project);
    repository.dispose();
  });
  if (order.bare !== true) {
    const made = await project.orbit('init');
    if (made.code !== 0) throw new Error(`orbit init: ${made.stderr}`);
    repository.commit('Use Orbit');
  }
  return project;
}

/** A project that something else has made, such as the demo. Processes are known by `home`. */
function projectIn(repository: TestRepository, more: Readonly<Record<string, string>> = {}): Project {
  const { directory } = repository;
  const outside = dirname(directory);
  const environment = { ...environmentIn(join(outside, 'home')), ...more };
  return {
    directory,
    repository,
    outside,
    environment,
    orbit: async (...args) => callOrbit(args, { directory, environment }),
    run: (...args) => startRun([process.execPath, bundle, 'run', ...args, '--json'], { directory, environment }),
    store: async () => openSqliteStore({ path: join(directory, '.git/orbit/orbit.db'), busyMs: 10_000 }),
    checkout: () => checkoutText(repository),
    read: (path) => readFileSync(join(directory, path), 'utf8'),
    processes: () => processesOf(environment['HOME'] ?? ''),
  };
}

/** What a program started by hand has; nothing of the test's own. */
export function environmentIn(home: string): Record<string, string> {
  const runtime = { XDG_RUNTIME_DIR: join(home, 'run') };
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    ...runtime,
    GIT_CONFIG_NOSYSTEM: '1',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
  };
}

export async function callOrbit(
  args: readonly string[],
  { directory, environment }: { directory: string; environment: Readonly<Record<string, string>> },
): Promise<Answer> {
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr, json: parsed(stdout) };
}

/** Living processes that were started with this home directory, but for the one that asks. */
export function processesOf(home: string): ProjectProcess[] {
  const rows = readProcessTable() ?? [];
  return rows
    .filter(
      (row) => !row.zombie && row.pid !== process.pid && readEnvironment(row.pid)?.includes(`HOME=${home}`) === true,
    )
    .map((row) => ({ pid: row.pid, name: row.name, command: commandOf(row.pid) }));
}

function filesOf({ plan, settings, script, files }: ProjectOrder): Record<string, string> {
  return {
    'README.md': 'A project\n',
    ...(plan === undefined ? {} : { [planFile]: plan }),
    ...(settings === undefined ? {} : { 'orbit.config.json': `${JSON.stringify(settings, null, 2)}\n` }),
    ...(script === undefined ? {} : { 'script.json': `${JSON.stringify(script)}\n` }),
    ...files,
  };
}

/** Paths that Orbit writes in the user's checkout: the plan's ticks and what is on no list of git. */
function checkoutText(repository: TestRepository): string {
  const { directory } = repository;
  const git = (...args: readonly string[]): string => repository.git(...args);
  const tracked = git('ls-files')
    .split('\n')
    .filter((path) => path !== planFile);
  const files = tracked.map((path) => `${path} ${hash(join(directory, path))}`);
  const branches = git(
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/heads/main',
    'refs/tags',
    'refs/remotes',
    'refs/stash',
  );
  const status = git('status', '--porcelain', '--untracked-files=all', '--', '.', `:!${planFile}`);
  return [git('symbolic-ref', 'HEAD'), branches, git('ls-files', '--stage'), `status: ${status}`, ...files].join('\n');
}

function hash(path: string): string {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'missing';
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function endProcesses(project: Project): void {
  for (const { pid } of project.processes()) {
    const identity = processIdentity(pid);
    if (identity !== null && lookAtProcess(identity) === 'alive') process.kill(pid, 'SIGKILL');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
