/** Real projects for end-to-end tests: real git, the built program, each call a process of its own. Needs a build. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { makeRepository, type TestRepository } from './repository.ts';

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Standard output read as JSON; throws when it is not. */
  json: () => Record<string, unknown>;
}

export interface CallOptions {
  cwd?: string;
  environment?: Readonly<Record<string, string>>;
}

export interface OrbitProject extends Disposable {
  repository: TestRepository;
  directory: string;
  /** Runs the program in the project, or in `cwd`. */
  orbit: (args: readonly string[], options?: CallOptions) => Promise<Answer>;
  /** Writes a plan's file. */
  plan: (name: string, text: string) => void;
}

const bundle = resolve(process.env['ORBIT_BUNDLE'] ?? 'dist/orbit.cjs');

/** Makes a repository with one commit, and an Orbit project of it unless `init` is false. */
export async function makeProject(
  order: { init?: boolean; files?: Record<string, string>; settings?: object } = {},
): Promise<OrbitProject> {
  const files = { 'README.md': 'A project.\n', ...order.files };
  const settings = order.settings === undefined ? {} : { 'orbit.config.json': JSON.stringify(order.settings) };
  const repository = makeRepository({ files: { ...files, ...settings } });
  const { directory } = repository;
  const orbit: OrbitProject['orbit'] = async (args, { cwd = directory, environment = {} } = {}) =>
    run(args, cwd, environment);
  if (order.init !== false) {
    const answer = await orbit(['init', '--no-agents-file']);
    if (answer.code !== 0) throw new Error(`orbit init failed: ${answer.stderr}`);
  }
  return {
    repository,
    directory,
    orbit,
    plan: (name, text) => repository.write({ [`specs/${name}/agent-tasks/layered-tasks.md`]: text }),
    [Symbol.dispose]: () => repository.dispose(),
  };
}

/** Runs the built program. Nothing of the caller's own attempt, settings or colours gets in. */
export async function run(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd,
    env: {
      PATH,
      HOME,
      TMPDIR,
      XDG_RUNTIME_DIR: join(HOME, 'run'),
      USER: 'tester',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      TZ: 'UTC',
      NO_COLOR: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, error]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => error.push(bytes));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  const stdout = Buffer.concat(out).toString('utf8');
  return {
    code,
    stdout,
    stderr: Buffer.concat(error).toString('utf8'),
    json: () => JSON.parse(stdout) as Record<string, unknown>,
  };
}

/** A plan of one layer with tasks that depend on nothing, or on those named behind a colon: `T2: T1`. */
export function planText(...tasks: readonly string[]): string {
  const lines = tasks.map((task) => {
    const [head = '', needs] = task.split(/:\s*/);
    return `- [ ] ${head.includes(' ') ? head : `${head} @any Task ${head}`}\n      Dependencies: ${needs ?? 'None'}\n`;
  });
  return `# Tasks\n\n## Layer 1: All\n\n${lines.join('')}`;
}
