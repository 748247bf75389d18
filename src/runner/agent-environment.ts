/**
 * The environment of an attempt's agent, checks and set-up commands.
 *
 * Owns what Orbit sets in it. All else comes from the allow-list of `platform/environment.ts` and the names in the settings.
 */
import type { AgentAdapter, AgentSettings, McpServer, PrivateDirectories } from '../agent/agent.ts';
import type { Attempt } from '../core/attempt.ts';
import { keyParts } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { makeCapability } from '../platform/capability.ts';
import { childEnvironment } from '../platform/environment.ts';
import { portVariables } from '../platform/port-lease.ts';
import { markOf } from '../platform/process-tree.ts';
import { grantedSecrets, isSecretName, passwordsIn } from '../platform/redact.ts';
import type { RunnerPorts } from './runner.ts';

export interface AgentEnvironment {
  variables: Record<string, string>;
  /** Values that no log may show. */
  secrets: readonly string[];
}

export interface EnvironmentOrder {
  attempt: Attempt;
  /** Which try at the task this is, from 1. */
  ordinal: number;
  /** The task's, for programs that want to name it; one line. */
  title: string;
  promptFile: string;
  settings: AgentSettings;
  adapter: Pick<AgentAdapter, 'environmentNames' | 'userEnvironmentNames' | 'isolated'>;
  directories: PrivateDirectories;
  /** That the attempt has for itself. */
  ports: readonly number[];
}

export async function agentEnvironment(ports: RunnerPorts, order: EnvironmentOrder): Promise<AgentEnvironment> {
  const { attempt, ordinal, title, promptFile, settings, adapter } = order;
  const { plan, task } = keyParts(attempt.task);
  const capability = await makeCapability(ports.paths.key, attempt);
  const granted = [...ports.settings.environment, ...(settings.environment ?? [])];
  const own = adapter.userEnvironmentNames?.(order.directories.userHome) ?? [];
  const variables = childEnvironment({
    allow: [...granted, ...adapter.environmentNames, ...own],
    from: adapter.isolated ? withoutPrefix(ports.environment, 'XDG_') : ports.environment,
    pathFirst: [ports.paths.shims],
    set: {
      ...(await gitVariables(ports, adapter.isolated)),
      ...(adapter.isolated ? ownPlaces(order.directories) : {}),
      ORBIT_PROJECT: ports.paths.project,
      ORBIT_PLAN: plan,
      ORBIT_TASK: task,
      ORBIT_TITLE: title
        .slice(0, limits.titleLengthMax)
        .replaceAll(/[\s\0]+/g, ' ')
        .trim(),
      ORBIT_TOKEN: String(attempt.token),
      ORBIT_AGENT: attempt.agent,
      ORBIT_ATTEMPT: String(ordinal),
      ORBIT_CAPABILITY: capability,
      ORBIT_PROMPT: promptFile,
      ...portVariables(order.ports),
    },
  });
  const needed = [...adapter.environmentNames.filter((name) => isSecretName(name)), ...own];
  const passwords = adapter.environmentNames.flatMap((name) => passwordsIn(ports.environment[name] ?? ''));
  const secrets = [capability, ...grantedSecrets(ports.environment, [...granted, ...needed]), ...passwords];
  return { variables, secrets };
}

/** Terminals and languages change what programs print; a home of its own keeps them from the user's settings. */
function ownPlaces({ home, temporary }: PrivateDirectories): Record<string, string> {
  return { HOME: home, TMPDIR: temporary, TERM: 'dumb', LANG: 'C.UTF-8' };
}

function withoutPrefix(
  environment: Readonly<Record<string, string | undefined>>,
  prefix: string,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith(prefix)));
}

/**
 * Orbit's tools as an MCP server for the agent's program to start. Programs differ in what they hand on to their servers, so
 * it gets all that it needs by name.
 */
export function mcpServer(
  { program }: Pick<RunnerPorts, 'program'>,
  variables: Readonly<Record<string, string>>,
): McpServer {
  const names = Object.keys(variables).filter((name) => name.startsWith('ORBIT_') || name === 'PATH');
  const environment = Object.fromEntries(names.map((name) => [name, variables[name] ?? '']));
  return { name: 'orbit', command: program[0], args: [program[1], 'mcp'], environment };
}

/** For checks and set-up: they act for nobody, so they learn nothing of the attempt but its ports, and can be found when it has ended. */
export function commandEnvironment(
  { settings, environment, paths }: Pick<RunnerPorts, 'settings' | 'environment' | 'paths'>,
  { task, token }: Pick<Attempt, 'task' | 'token'>,
  leased: readonly number[],
): Record<string, string> {
  const mark = markOf({ project: paths.project, task: keyParts(task).task, token: String(token) });
  return childEnvironment({
    allow: settings.environment,
    from: environment,
    set: { ...mark, ...portVariables(leased) },
  });
}

/**
 * Automatic housekeeping stays off while agents share an object store: it would prune what another is about to refer to.
 * The user's own identity is kept; an agent on a machine where nobody told git a name still has to be able to commit.
 */
async function gitVariables(ports: RunnerPorts, isIsolated: boolean): Promise<Record<string, string>> {
  const settings: [string, string][] = [
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    // A person's key vouches for a person; and whoever is asked for its passphrase here waits for ever.
    ['commit.gpgSign', 'false'],
    ['tag.gpgSign', 'false'],
  ];
  const user = await ports.gitIdentity();
  // In a home of its own git does not find the user's settings, either.
  if (user === null || isIsolated) {
    const { name, email } = user ?? { name: 'Orbit agent', email: 'agent@orbit.invalid' };
    settings.push(['user.name', name], ['user.email', email]);
  }
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [name, value]] of settings.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = name;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
