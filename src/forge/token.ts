/**
 * The token: from the environment, or from the forge's own command line program. Never stored, never logged.
 *
 * Owns to which host a token may go. A project's settings come with the repository and could name any host, so they never decide it: a
 * token goes to the kind's own public host, or to the host that the person named in their environment or settings of their own.
 */
import { childEnvironment } from '../platform/environment.ts';
import { findProgram, startProcess } from '../platform/process.ts';
import { endProcessTree } from '../platform/process-tree.ts';
import type { ForgePlace } from './place.ts';
import type { ForgeKind } from './forge.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Source {
  /** Variables with a token, the first one winning. */
  tokens: readonly string[];
  /** Variables that name the host, or address, that those tokens are for. */
  hosts: readonly string[];
  /** Hosts that they are for when no variable names one. */
  publicHosts: readonly string[];
}

const sources: Readonly<Record<Exclude<ForgeKind, 'local'>, Source>> = {
  github: {
    tokens: ['GITHUB_TOKEN', 'GH_TOKEN'],
    hosts: ['GH_HOST', 'GITHUB_SERVER_URL'],
    publicHosts: ['github.com'],
  },
  gitlab: {
    tokens: ['GITLAB_TOKEN'],
    hosts: ['GITLAB_HOST', 'GITLAB_URI', 'CI_SERVER_URL'],
    publicHosts: ['gitlab.com'],
  },
  gitea: {
    tokens: ['GITEA_TOKEN', 'FORGEJO_TOKEN'],
    hosts: ['GITEA_SERVER_URL', 'FORGEJO_URL'],
    publicHosts: ['codeberg.org', 'gitea.com'],
  },
};

/** Names of the variables that may hold a token, for messages and redaction. */
export function tokenNames(kind: ForgeKind): readonly string[] {
  return kind === 'local' ? [] : sources[kind].tokens;
}

/**
 * The token for a place by the environment, `null` where there is none, or why it is not used as a sentence.
 *
 * @param ownUrl address of the forge by the person's own word: `ORBIT_FORGE_URL`, or `forge.url` of their own settings file.
 */
export function environmentToken(
  place: Pick<ForgePlace, 'kind' | 'host'>,
  environment: Environment,
  ownUrl: string | null,
): { token: string } | { fault: string } | null {
  if (place.kind === 'local') return null;
  const { tokens, hosts, publicHosts } = sources[place.kind];
  const name = tokens.find((one) => (environment[one] ?? '').trim() !== '');
  if (name === undefined) return null;
  const named = [ownUrl, ...hosts.map((one) => environment[one])].flatMap((value) => hostOf(value ?? '') ?? []);
  if (named.includes(place.host) || publicHosts.includes(place.host))
    return { token: (environment[name] ?? '').trim() };
  return {
    fault: `${name} is not sent to ${place.host}, because only the project's files name that host; if it is yours, set ORBIT_FORGE_URL=https://${place.host}`,
  };
}

/** A token that the forge's own program keeps for this very host; `null` where there is none. */
export async function programToken({ kind, host }: Pick<ForgePlace, 'kind' | 'host'>): Promise<string | null> {
  if (kind === 'github') return ask('gh', ['auth', 'token', '--hostname', host]);
  if (kind === 'gitlab') return ask('glab', ['config', 'get', 'token', '--host', host]);
  return null;
}

/** Such a program reads a file or the system's key store: longer than this, and it waits for a person. */
const askMs = 10_000;
const tokenLengthMax = 4_096;

async function ask(program: string, args: readonly string[]): Promise<string | null> {
  const environment = childEnvironment({
    allow: ['GH_CONFIG_DIR', 'GLAB_CONFIG_DIR', 'DBUS_SESSION_BUS_ADDRESS'],
    set: { NO_COLOR: '1', GH_PROMPT_DISABLED: '1' },
  });
  if ('fault' in findProgram(program, environment['PATH'] ?? '')) return null;
  const child = await startProcess({ command: program, args, cwd: '/', environment, stdin: 'ignore' });
  if ('fault' in child) return null;
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(0, tokenLengthMax)));
  child.stderr.resume();
  const timer = setTimeout(
    () => void endProcessTree(child.identity, { marker: null, graceMs: 0, ownRoot: true }),
    askMs,
  );
  const [exit] = await Promise.all([child.exit, new Promise((ended) => child.stdout.once('close', ended))]);
  clearTimeout(timer);
  const token = text.trim();
  return exit.exitCode === 0 && /^[\w.~+/=-]+$/.test(token) ? token : null;
}

/** `https://git.example.org:8443/x` and `git.example.org:8443` name the same host. */
function hostOf(value: string): string | null {
  if (value.trim() === '') return null;
  const address = value.includes('://') ? value : `https://${value}`;
  return URL.canParse(address) ? new URL(address).host : null;
}
