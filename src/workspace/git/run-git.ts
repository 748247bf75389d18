/**
 * The one way to run git.
 *
 * Invariant: what an agent can write (config, hooks, attributes, a `.git` file, environment) starts no program from here, except
 * filters while a checkout is written, which content may need. Arguments go as a list, never through a shell; the environment is an
 * allow-list, so no inherited `GIT_*` moves a run elsewhere; git asks nobody anything, and talks to no remote but by the one protocol
 * that a run names (`network`), without credential helpers and without following a redirect.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { limits } from '../../core/limits.ts';
import { childEnvironment } from '../../platform/environment.ts';
import { OperationalError } from '../../platform/error.ts';
import { findProgram } from '../../platform/process.ts';
import { gitError } from './git-error.ts';

export interface GitOptions {
  /** Default: the root of the file system, so that nothing is found by chance. */
  cwd?: string;
  gitDir?: string;
  workTree?: string;
  /** Added to the scrubbed environment: `GIT_INDEX_FILE`, `GIT_AUTHOR_NAME` and the like. */
  environment?: Readonly<Record<string, string>>;
  /** Further `-c` settings, as `name=value`. */
  config?: readonly string[];
  input?: string | Uint8Array;
  /** Exit codes that are answers. Default: 0 alone. */
  accept?: readonly number[];
  timeoutMs?: number;
  outputBytesMax?: number;
  /** The one protocol by which this run may reach a remote. Default: none. */
  network?: 'https' | 'http' | 'ssh' | 'file';
}

export interface GitResult {
  exitCode: number;
  stdout: Buffer;
  /** The end of it. */
  stderr: string;
}

/**
 * Runs `git <args>` and answers what it printed.
 * Throws OperationalError: `git-missing`; `git-locked` (retryable) when another git holds a lock; `disk-full`; `git-failed` for any
 * other exit code than those accepted, too much output or too long a run.
 */
export async function runGit(args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  const result = await start(args, options);
  if (result.fault === null && (options.accept ?? [0]).includes(result.exitCode)) return result;
  throw gitError(args, result);
}

/**
 * Hooks, monitors, pagers, signing and background work are off whatever the repository's config says. `hook.<event>.enabled`
 * covers hooks that stand in config (git 2.54 and later), which `core.hooksPath` does not reach.
 */
const settings = [
  'core.hooksPath=/dev/null',
  'hook.post-checkout.enabled=false',
  'hook.post-index-change.enabled=false',
  'hook.reference-transaction.enabled=false',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  // An edited file must not pass for an old one because its time was set back.
  'core.trustctime=true',
  'core.checkStat=default',
  'core.ignoreStat=false',
  'core.splitIndex=false',
  // A path that macOS or Windows takes for `.git` is not checked out here either, whoever allowed it in the repository's config.
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.pager=cat',
  'core.logAllRefUpdates=true',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'submodule.recurse=false',
  'protocol.allow=never',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
  // An absolute path in a workspace's `.git` file is what can be compared with our own record.
  'worktree.useRelativePaths=false',
  'worktree.guessRemote=false',
].flatMap((setting) => ['-c', setting]);

/** Replacement objects and grafts would let whoever writes them show other content than the ids say. */
const environmentOfAll = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  // There can be no such file; an empty one would make git print advice before every error.
  GIT_GRAFT_FILE: '/dev/null/none',
  LC_ALL: 'C',
};

/** Filters such as LFS fetch content through these. */
const allowedNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

interface Ended extends GitResult {
  /** Why the result is worthless, whatever the exit code. */
  fault: string | null;
}

async function start(args: readonly string[], options: GitOptions): Promise<Ended> {
  const child = spawnGit(args, options);
  const outputBytesMax = options.outputBytesMax ?? limits.gitOutputBytesMax;
  const timeoutMs = options.timeoutMs ?? limits.gitTimeoutMs;
  return new Promise((answer) => {
    const stdout: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    let fault: string | null = null;
    let killer: NodeJS.Timeout | undefined;
    const stop = (why: string): void => {
      fault ??= why;
      child.kill('SIGTERM');
      killer ??= setTimeout(() => child.kill('SIGKILL'), limits.gitStopGraceMs);
    };
    const timer = setTimeout(() => stop(`it took longer than ${timeoutMs} ms`), timeoutMs);
    const end = (exitCode: number): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      answer({ exitCode, stdout: Buffer.concat(stdout), stderr, fault });
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > outputBytesMax) stop(`it printed more than ${outputBytesMax} bytes`);
      else stdout.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-stderrLengthMax);
    });
    // A git that ends before it read all its input tells why by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    child.once('error', (error) => {
      fault = error.message;
      end(-1);
    });
    child.once('exit', () => {
      if (fault === null) return;
      // A filter that git started may hold the pipes open for as long as it likes.
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.once('close', (code, signal) => {
      if (code === null) fault ??= `it was ended by ${signal ?? 'a signal'}`;
      end(code ?? -1);
    });
  });
}

/** Starts git, hardened as all runs are, for a conversation. Its input is a pipe if `options.input` is given. */
export function spawnGit(args: readonly string[], options: GitOptions): ChildProcess {
  const reach = options.network === undefined ? {} : { GIT_ALLOW_PROTOCOL: options.network };
  const environment = childEnvironment({
    allow: allowedNames,
    set: { ...environmentOfAll, ...reach, ...options.environment },
  });
  return spawn(gitProgram(environment['PATH'] ?? ''), [...settings, ...placeOf(options), ...args], {
    cwd: options.cwd ?? '/',
    env: environment,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // Ctrl-C at the terminal is for Orbit, which ends in order: not for a git in the middle of something.
    detached: process.platform !== 'win32',
  });
}

/** Enough for git's longest advice and the line before it. */
const stderrLengthMax = 8_192;

function placeOf(options: GitOptions): string[] {
  const place: string[] = (options.config ?? []).flatMap((setting) => ['-c', setting]);
  if (options.gitDir !== undefined) place.push(`--git-dir=${options.gitDir}`);
  if (options.workTree !== undefined) place.push(`--work-tree=${options.workTree}`);
  if (options.network !== undefined) place.push(...networkSettings);
  return place;
}

const networkSettings = [
  'credential.helper=',
  'credential.interactive=false',
  'core.askPass=',
  'http.followRedirects=false',
  'transfer.fsckObjects=true',
  'push.recurseSubmodules=no',
  'fetch.recurseSubmodules=false',
].flatMap((setting) => ['-c', setting]);

const foundPrograms = new Map<string, string>();

function gitProgram(path: string): string {
  const known = foundPrograms.get(path);
  if (known !== undefined) return known;
  const program = findProgram('git', path);
  if ('fault' in program) {
    throw new OperationalError('git-missing', `git cannot be run: ${program.fault}`, {
      hint: 'Install git 2.39 or later and put it on the PATH.',
    });
  }
  foundPrograms.set(path, program.path);
  return program.path;
}
