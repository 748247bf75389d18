/**
 * Puts together what reaches a forge: where it is, with which token, through which implementation, and git's way there.
 *
 * Owns that the token stays here: it is read when the forge is first used, handed to the forge's client and to git for its own host, and
 * to nobody else. An address that changed since the first use is refused, because agents may be able to write git's configuration.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ForgeAccess } from './coordinator/pull-requests/access.ts';
import { nameFault } from './core/id.ts';
import type { Forge } from './forge/forge.ts';
import { forgePlace, remotePlace, withoutSecret, type ForgePlace, type RemotePlace } from './forge/place.ts';
import { environmentToken, programToken, tokenNames } from './forge/token.ts';
import type { Clock } from './platform/clock.ts';
import { OperationalError, UsageError } from './platform/error.ts';
import type { Paths } from './platform/paths.ts';
import { replaceFile } from './platform/replace-file.ts';
import { readSettings, userSettingsFile, type Settings } from './platform/settings.ts';
import type { Remote } from './workspace/remote.ts';
import type { Repository } from './workspace/repository.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ForgeOrder {
  paths: Paths;
  settings: Settings;
  environment: Environment;
  repository: Repository;
  clock: Clock;
}

/**
 * Opens the forge of a project.
 * Throws `UsageError` `bad-settings`; `OperationalError` `forge-denied` without a token, `forge-not-found` without a remote.
 */
export async function openForge(order: ForgeOrder): Promise<ForgeAccess> {
  const { forge: wish, landing } = order.settings;
  const address = await remoteAddress(order);
  const place = remotePlace(address);
  const where = forgePlace(place, { kind: wish.kind, url: wish.url ?? null, repository: wish.repository ?? null });
  const token = await tokenFor(where, order.environment);
  const trunk = wish.base ?? (await userBranch(order.repository));
  if (landing.into === trunk) {
    throw new UsageError(
      'bad-settings',
      `landing.into is ${trunk}, which pull requests go into`,
      'let it be orbit/{plan}',
    );
  }
  const remote = await openRemoteOf(order, { address, place, where, token });
  return { forge: await forgeOf(order, { where, token, remote }), remote, trunk };
}

async function remoteAddress({ paths, settings }: ForgeOrder): Promise<string> {
  const { remote } = settings.forge;
  if (nameFault(remote) !== null)
    throw new UsageError(
      'bad-settings',
      `forge.remote ${JSON.stringify(remote)} is no name of a remote`,
      'such as origin',
    );
  const { runGit } = await import('./workspace/git/run-git.ts');
  const asked = await runGit(['remote', 'get-url', '--push', '--', remote], {
    gitDir: paths.commonDirectory,
    accept: [0, 2, 128],
  });
  const address = asked.stdout.toString('utf8').trim();
  if (asked.exitCode === 0 && address !== '') return sameAddress(paths, withoutSecret(address));
  throw new OperationalError('forge-not-found', `there is no git remote ${remote}`, {
    hint: `git remote add ${remote} <address of the repository on the forge>; forge.remote names another one`,
  });
}

/** The first use notes the address; work is pushed to no other without a person's word. */
function sameAddress({ orbitDirectory }: Paths, address: string): string {
  const file = join(orbitDirectory, 'remote-address');
  const known = readKnown(file);
  if (known === null) replaceFile(file, `${address}\n`);
  if (known === null || known === address) return address;
  throw new OperationalError('forge-denied', `the remote's address was ${known} and is now ${address}`, {
    hint: `nothing is pushed there before you agree: if that is right, remove ${file}`,
  });
}

function readKnown(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

async function tokenFor(place: ForgePlace, environment: Environment): Promise<string | null> {
  if (place.kind === 'local') return null;
  const found = environmentToken(place, environment, await ownUrl(environment));
  if (found !== null && 'token' in found) return found.token;
  const kept = await programToken(place);
  if (kept !== null) return kept;
  const names = tokenNames(place.kind).join(' or ');
  throw new OperationalError('forge-denied', found?.fault ?? `there is no token for ${place.host}`, {
    hint: `set ${names}, or log in with the forge's own program (gh, glab)`,
  });
}

/** By the person's own word; the project's file has no say in where a token goes. */
async function ownUrl(environment: Environment): Promise<string | null> {
  const word = environment['ORBIT_FORGE_URL'];
  if (word !== undefined) return word;
  const own = (await readSettings(userSettingsFile(environment)))['forge'] as { url?: unknown } | undefined;
  return typeof own?.url === 'string' ? own.url : null;
}

async function userBranch(repository: Repository): Promise<string> {
  const branch = (await repository.currentBranch())?.replace(/^refs\/heads\//, '') ?? null;
  if (branch !== null && !branch.startsWith('orbit/')) return branch;
  const where = branch === null ? 'on no branch' : `on ${branch}`;
  throw new UsageError(
    'bad-settings',
    `the checkout is ${where}, which pull requests cannot go into`,
    'set forge.base, such as "main"',
  );
}

async function openRemoteOf(
  { paths, repository, environment }: ForgeOrder,
  { address, place, where, token }: { address: string; place: RemotePlace; where: ForgePlace; token: string | null },
): Promise<Remote> {
  const { openRemote } = await import('./workspace/git/git-remote.ts');
  const agent = environment['SSH_AUTH_SOCK'];
  // A remote elsewhere than the forge (a mirror) gets no token of the forge.
  const isForge = place.host === where.host;
  return openRemote({
    commonDirectory: paths.commonDirectory,
    directory: join(paths.orbitDirectory, 'remote.git'),
    address,
    protocol: place.protocol,
    credential: token !== null && isForge ? { user: gitUserOf(where), token } : null,
    environment: agent === undefined ? {} : { SSH_AUTH_SOCK: agent },
    known: async () => {
      const refs = [...(await repository.refs('refs/orbit/forge')), ...(await repository.refs('refs/remotes'))];
      const head = await repository.resolve('HEAD');
      return [...refs.map(({ commit }) => commit), ...(head === null ? [] : [head])];
    },
  });
}

/** The name that goes with a token in place of a password; Gitea takes any. */
function gitUserOf({ kind }: ForgePlace): string {
  return kind === 'gitlab' ? 'oauth2' : 'x-access-token';
}

async function forgeOf(
  { paths, clock, repository }: ForgeOrder,
  { where, token, remote }: { where: ForgePlace; token: string | null; remote: Remote },
): Promise<Forge> {
  if (where.kind === 'local') {
    const { openLocalForge } = await import('./forge/local/local.ts');
    return openLocalForge({
      file: join(paths.orbitDirectory, 'pull-requests.json'),
      name: remote.address,
      tips: async (branches) => remote.tips(branches),
      isAncestor: async (commit, of) => {
        if ((await repository.resolve(of)) === null || (await repository.resolve(commit)) === null) return false;
        return repository.isAncestor(commit, of);
      },
    });
  }
  const { ForgeHttp } = await import('./forge/http.ts');
  const { api, repository: name, host } = where;
  const http = new ForgeHttp({ base: api, headers: authorizationOf(where, token ?? ''), clock });
  switch (where.kind) {
    case 'github':
      return (await import('./forge/github/github.ts')).openGithub({ http, repository: name, host });
    case 'gitlab':
      return (await import('./forge/gitlab/gitlab.ts')).openGitlab({ http, repository: name, host });
    case 'gitea':
      return (await import('./forge/gitea/gitea.ts')).openGitea({ http, repository: name, host });
  }
}

function authorizationOf({ kind }: ForgePlace, token: string): Record<string, string> {
  if (kind === 'gitlab') return { 'private-token': token };
  if (kind === 'gitea') return { authorization: `token ${token}` };
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
}
