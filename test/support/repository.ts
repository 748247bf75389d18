/** Real repositories for tests, in temporary directories, with fixed names and dates so that ids are the same each time. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestRepository extends Disposable {
  /** Top of the checkout; real path. */
  directory: string;
  /** Runs git in the checkout, or in `cwd`; answers what it printed without the last line feed. Throws if it fails. */
  git(...args: readonly string[]): string;
  gitIn(cwd: string, ...args: readonly string[]): string;
  /** Writes files below the checkout, or below `under`. */
  write(files: Readonly<Record<string, string>>, under?: string): void;
  /** Commits everything in the checkout, or in `cwd`; answers the commit id. */
  commit(message: string, cwd?: string): string;
  dispose(): void;
}

export interface RepositoryOrder {
  /** Content of the first commit on `main`; without files there is no commit. */
  files?: Readonly<Record<string, string>>;
  objectFormat?: 'sha1' | 'sha256';
}

/** Makes a repository. `using` or `dispose()` removes it with all that lies in it. */
export function makeRepository(order: RepositoryOrder = {}): TestRepository {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-test-')));
  const directory = join(parent, 'project');
  const home = join(parent, 'home');
  mkdirSync(home);
  // What runs git in this process finds the same empty home as git run here.
  process.env['HOME'] = home;
  const gitIn = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd,
      env: environment(home),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  gitIn(parent, 'init', '-q', '-b', 'main', `--object-format=${order.objectFormat ?? 'sha1'}`, directory);
  const repository: TestRepository = {
    directory,
    gitIn,
    git: (...args) => gitIn(directory, ...args),
    write: (files, under = directory) => {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(under, path)), { recursive: true });
        writeFileSync(join(under, path), content);
      }
    },
    commit: (message, cwd = directory) => {
      gitIn(cwd, 'add', '--all');
      gitIn(cwd, 'commit', '-q', '--allow-empty', '-m', message);
      return gitIn(cwd, 'rev-parse', 'HEAD');
    },
    dispose: () => rmSync(parent, { recursive: true, force: true }),
    [Symbol.dispose]: () => repository.dispose(),
  };
  if (order.files !== undefined) {
    repository.write(order.files);
    repository.commit('Start');
  }
  return repository;
}

function environment(home: string): Record<string, string> {
  const date = '2026-01-02T03:04:05+00:00';
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
    GIT_COMMITTER_DATE: date,
  };
}
