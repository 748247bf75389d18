/**
 * The remote port on the git program.
 *
 * Owns a git directory of its own, so that nothing which agents can write (the repository's config, hooks, remotes, helpers) has a part
 * in a run that carries credentials. It shares the repository's objects: what it fetches is there, what it pushes need not be copied.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { isOwnBranch } from '../../core/pull-request.ts';
import { assert, OperationalError } from '../../platform/error.ts';
import type { Remote } from '../remote.ts';
import { isObjectId } from './objects.ts';
import { runGit, type GitOptions, type GitResult } from './run-git.ts';

export interface RemoteOrder {
  /** `.git` of the repository. */
  commonDirectory: string;
  /** Of its own; made where it is missing. */
  directory: string;
  /** Without credentials. */
  address: string;
  protocol: 'https' | 'http' | 'ssh' | 'file';
  /** Sent to this address alone, over http(s). */
  credential: { user: string; token: string } | null;
  /** Variables for ssh, such as `SSH_AUTH_SOCK`. */
  environment?: Readonly<Record<string, string>>;
  /** Commits that the remote is likely to have, so that only what is new is fetched. */
  known(): Promise<readonly string[]>;
}

export async function openRemote(order: RemoteOrder): Promise<Remote> {
  await make(order);
  const run = async (args: readonly string[], accept: readonly number[] = [0]): Promise<GitResult> =>
    runGit(args, { ...optionsOf(order), accept: [...accept, 1, 128] }).then((result) => {
      if (accept.includes(result.exitCode)) return result;
      throw remoteError(order.address, result);
    });
  return {
    address: order.address,
    tips: async (branches) => {
      if (branches.length === 0) return new Map();
      const refs = branches.map((branch) => `refs/heads/${branch}`);
      // Names on the command line are patterns that match ends of refs, so what comes back is looked at again.
      const { stdout } = await run(['ls-remote', '--quiet', '--heads', '--', order.address, ...refs]);
      const found = linesOf(stdout).map((line) => line.split('\t') as [string, string]);
      return new Map(
        found.flatMap(([id, ref]) => (refs.includes(ref) ? [[ref.slice('refs/heads/'.length), id] as const] : [])),
      );
    },
    fetch: async (ref) => fetchRef(order, run, ref),
    push: async ({ branch, commit, from }) => {
      assert(isOwnBranch(branch), `${branch} is no branch of Orbit's`);
      assert(isObjectId(commit) && (from === null || isObjectId(from)), 'a push wants full ids');
      const ref = `refs/heads/${branch}`;
      const args = [
        'push',
        '--quiet',
        '--porcelain',
        '--no-verify',
        '--no-follow-tags',
        '--recurse-submodules=no',
        '--no-signed',
      ];
      const lease = `--force-with-lease=${ref}:${from ?? ''}`;
      const result = await run([...args, lease, '--', order.address, `${commit}:${ref}`], [0, 1]);
      if (result.exitCode === 0) return 'pushed';
      if (/^!\t/m.test(result.stdout.toString('utf8'))) return 'refused';
      throw remoteError(order.address, result);
    },
  };
}

async function fetchRef(
  order: RemoteOrder,
  run: (args: readonly string[]) => Promise<GitResult>,
  ref: string,
): Promise<string | null> {
  assert(/^refs\/[\w./-]+$/.test(ref), `${ref} is no full ref`);
  const { stdout } = await run(['ls-remote', '--quiet', '--', order.address, ref]);
  const id = linesOf(stdout)
    .map((line) => line.split('\t'))
    .find(([, name]) => name === ref)?.[0];
  if (id === undefined || !isObjectId(id)) return null;
  await noteKnown(order);
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-recurse-submodules',
    '--refmap=',
  ];
  await run([...args, '--', order.address, `+${ref}:refs/fetched/now`]);
  const { stdout: fetched } = await runGit(
    ['rev-parse', '--verify', '--end-of-options', 'refs/fetched/now'],
    optionsOf(order),
  );
  return fetched.toString('utf8').trim();
}

/** What its own refs reach is not asked for again. */
async function noteKnown(order: RemoteOrder): Promise<void> {
  const known = [...new Set(await order.known())];
  const input = known.map((commit, index) => `update refs/known/${index} ${commit}\n`).join('');
  await runGit(['update-ref', '--stdin'], { ...optionsOf(order), input });
}

async function make({ directory, commonDirectory }: RemoteOrder): Promise<void> {
  if ((await stat(join(directory, 'HEAD')).catch(() => null)) !== null) return;
  const format = await runGit(['rev-parse', '--show-object-format'], { gitDir: commonDirectory });
  const kind = format.stdout.toString('utf8').trim();
  await mkdir(dirname(directory), { recursive: true });
  await runGit(['init', '--quiet', '--bare', '--template=', `--object-format=${kind}`, '--', directory]);
  await writeFile(
    join(directory, 'description'),
    'What Orbit talks to the remote from. Objects are those of the repository.\n',
  );
}

function optionsOf(order: RemoteOrder): GitOptions {
  const { directory, commonDirectory, protocol, environment = {} } = order;
  return {
    gitDir: directory,
    timeoutMs: limits.gitRemoteTimeoutMs,
    network: protocol,
    environment: { ...environment, ...authorization(order), GIT_OBJECT_DIRECTORY: join(commonDirectory, 'objects') },
  };
}

/** By the environment, since command lines can be seen by everybody; bound to the address, so that no other host gets it. */
function authorization({ address, protocol, credential }: RemoteOrder): Record<string, string> {
  if (credential === null || (protocol !== 'https' && protocol !== 'http')) return {};
  const value = Buffer.from(`${credential.user}:${credential.token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${address}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${value}`,
  };
}

function linesOf(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

const denied =
  /Authentication failed|could not read Username|Permission denied|HTTP (?:code )?40[13]|returned error: 40[13]|access denied|not authorized/i;
const missing = /not found|does not appear to be a git repository|HTTP (?:code )?404|returned error: 404/i;

function remoteError(address: string, { stderr, exitCode }: GitResult): OperationalError {
  const said =
    stderr
      .trim()
      .split('\n')
      .slice(-4)
      .join('; ')
      .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ') || `exit code ${exitCode}`;
  const message = `git cannot use ${address}: ${said}`;
  if (denied.test(stderr)) {
    return new OperationalError('forge-denied', message, {
      hint: 'the token or key may not read or push there; docs/forges.md names the scopes',
    });
  }
  if (missing.test(stderr)) {
    return new OperationalError('forge-not-found', message, {
      hint: 'look at the remote: git remote -v, and forge.remote',
    });
  }
  return new OperationalError('forge-unavailable', message, {
    hint: 'look at the network; it is tried again',
    retryable: true,
  });
}
