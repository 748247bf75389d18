/**
 * Where things are: the project from any of its directories, and Orbit's files in it.
 *
 * Owns the search for the repository, made without starting git (a process costs more than the rest of a short command), and
 * the layout below `<git common dir>/orbit`. Follows git's rules (gitrepository-layout): a `.git` directory, or a file with a
 * `gitdir:` line; a linked worktree's directory names the shared one in `commondir`.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { UsageError } from './error.ts';

export interface Paths {
  /** Top of the main checkout. */
  top: string;
  /** Top of the worktree that the caller stands in; equal to `top` in the main checkout. */
  worktree: string;
  /** Git directory of that worktree: holds its HEAD and index. */
  gitDirectory: string;
  /** The directory all worktrees share. */
  commonDirectory: string;
  /** `<common>/orbit`, never in a commit and the same for every worktree. */
  orbitDirectory: string;
  database: string;
  doorbell: string;
  logs: string;
  /** Links named `orbit` and `orbit-agent`, put on the PATH of agents. */
  bin: string;
  /** What the capabilities of attempts are made with. */
  key: string;
}

/**
 * Finds the repository that holds `directory`.
 * Throws `UsageError`: `not-a-repository`, `bare-repository`.
 */
export function findRepository(directory: string): Paths {
  const start = real(resolve(directory));
  for (let at = start; ; at = dirname(at)) {
    const gitDirectory = gitDirectoryIn(at);
    if (gitDirectory !== null) return layOut(at, gitDirectory);
    if (isBare(at)) throw bare(at);
    if (dirname(at) === at) {
      throw new UsageError(
        'not-a-repository',
        `${start} is not in a git repository`,
        'git init makes one; or run orbit inside your repository',
      );
    }
  }
}

/** {@link findRepository}, for all that needs a project; throws `not-a-project` where `orbit init` did not run. */
export function findProject(directory: string): Paths {
  const paths = findRepository(directory);
  if (!isFile(paths.database)) {
    throw new UsageError('not-a-project', `${paths.top} is not an Orbit project yet`, 'orbit init');
  }
  return paths;
}

function layOut(worktree: string, gitDirectory: string): Paths {
  const common = readLine(join(gitDirectory, 'commondir'));
  const commonDirectory = common === null ? gitDirectory : real(resolve(gitDirectory, common));
  const config = readText(join(commonDirectory, 'config')) ?? '';
  if (common !== null && /^\s*bare\s*=\s*true\s*$/im.test(config)) throw bare(commonDirectory);
  const orbitDirectory = join(commonDirectory, 'orbit');
  return {
    top: common === null ? worktree : mainCheckout(commonDirectory, config),
    worktree,
    gitDirectory,
    commonDirectory,
    orbitDirectory,
    database: join(orbitDirectory, 'orbit.db'),
    doorbell: join(orbitDirectory, 'doorbell'),
    logs: join(orbitDirectory, 'logs'),
    bin: join(orbitDirectory, 'bin'),
    key: join(orbitDirectory, 'key'),
  };
}

/** The directory above `.git`; a submodule's shared directory lies elsewhere and names its checkout in `core.worktree`. */
function mainCheckout(commonDirectory: string, config: string): string {
  const configured = /^\s*worktree\s*=\s*"?(.+?)"?\s*$/im.exec(config)?.[1];
  if (configured !== undefined) return real(resolve(commonDirectory, configured));
  return basename(commonDirectory) === '.git' ? dirname(commonDirectory) : commonDirectory;
}

function gitDirectoryIn(directory: string): string | null {
  const entry = join(directory, '.git');
  const stats = statSync(entry, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (stats.isDirectory()) return isFile(join(entry, 'HEAD')) ? entry : null;
  const target = /^gitdir: (.+)$/.exec(readLine(entry) ?? '')?.[1];
  if (target === undefined) return null;
  const gitDirectory = isAbsolute(target) ? target : resolve(directory, target);
  if (!isFile(join(gitDirectory, 'HEAD'))) {
    throw new UsageError(
      'not-a-repository',
      `${entry} points at ${target}, where no repository is`,
      'git worktree repair, or remove that directory',
    );
  }
  return real(gitDirectory);
}

function isBare(directory: string): boolean {
  return (
    isFile(join(directory, 'HEAD')) &&
    isFile(join(directory, 'config')) &&
    isDirectory(join(directory, 'objects')) &&
    isDirectory(join(directory, 'refs'))
  );
}

function bare(directory: string): UsageError {
  return new UsageError(
    'bare-repository',
    `${directory} is a bare repository`,
    'run orbit in a clone that has a checkout',
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function readLine(path: string): string | null {
  return readText(path)?.split('\n', 1)[0]?.trim() ?? null;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
