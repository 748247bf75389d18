/**
 * CODEX_HOME of one attempt: login, settings, sessions.
 *
 * Owns what Codex finds there. The user's login is a link, not a copy: Codex renews it now and then, the old one is worth nothing
 * after that, and it locks and writes through the link, so that all attempts and the user go on with the same one. Of the
 * user's settings only model and provider are taken over; their tools, rules and habits stay out of Orbit's workspaces.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentOrder, McpServer, Thinking } from '../agent.ts';
import { readUserConfig, tomlText, withoutModel, type UserConfig } from './user-config.ts';

/** A larger file is no settings file. */
const configBytesMax = 1_048_576;

const efforts: Readonly<Record<Thinking, string>> = { low: 'low', medium: 'medium', high: 'high', max: 'xhigh' };

/**
 * Codex does not wait for a server that is slow to start, and the model then never hears of its tools. Orbit's needs half a second;
 * on a machine full of agents it may be many times that.
 */
const mcpStartS = 30;

/** Variables that hold a key for Codex. They are not handed on to the commands that the model runs. */
export const keyNames: readonly string[] = ['CODEX_API_KEY', 'OPENAI_API_KEY'];

/** What `model_reasoning_effort` is called for each level; `xhigh` is the highest that all models know. */
export function effortOf(thinking: Thinking): string {
  return efforts[thinking];
}

/** The user's own settings of Codex, as far as they matter here. Never throws: what cannot be read is not there. */
export function userConfig(userHome: string): UserConfig {
  const file = join(userHome, '.codex', 'config.toml');
  try {
    const seen = statSync(file);
    if (seen.isFile() && seen.size <= configBytesMax) return readUserConfig(readFileSync(file, 'utf8'));
  } catch {
    // No settings, or none for this user.
  }
  return readUserConfig('');
}

/** Makes it ready and answers its path. Throws what the file system says. */
export function makeCodexHome(order: AgentOrder): string {
  const home = join(order.directories.home, '.codex');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const user = userConfig(order.directories.userHome);
  logIn(home, order);
  writePrivate(join(home, 'config.toml'), configText(order, user));
  return home;
}

/** The key of `CODEX_API_KEY` comes first, as in Codex itself, then the user's login, then `OPENAI_API_KEY`. */
function logIn(home: string, { environment, directories }: AgentOrder): void {
  const file = join(home, 'auth.json');
  rmSync(file, { force: true });
  const own = join(directories.userHome, '.codex', 'auth.json');
  const { CODEX_API_KEY: codexKey, OPENAI_API_KEY: key } = environment;
  if (!isSet(codexKey) && existsSync(own)) return symlinkSync(own, file);
  const chosen = isSet(codexKey) ? codexKey : key;
  if (isSet(chosen)) writePrivate(file, JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: chosen }));
}

function configText(order: AgentOrder, user: UserConfig): string {
  const { model, thinking, mcp, environment, settings } = order;
  const endpoint = user.hasProvider ? undefined : environment['OPENAI_BASE_URL'];
  const top = [
    model === null ? user.top : withoutModel(user.top),
    ...(model === null ? [] : [`model = ${tomlText(model)}`]),
    ...(thinking === null ? [] : [`model_reasoning_effort = ${tomlText(effortOf(thinking))}`]),
    ...(isSet(endpoint) ? ['model_provider = "orbit-endpoint"'] : []),
    'check_for_update_on_startup = false',
    ...(mcp === null ? [] : [`mcp_optional_startup_grace_ms = ${mcpStartS * 1_000}`]),
    // A login shell reads the system's profile, and on some systems that forgets the PATH with Orbit's own commands.
    'allow_login_shell = false',
  ];
  // Nor what is set for Codex alone: it would change what other programs print.
  const hidden = [...new Set([...keyNames, ...user.environmentNames, 'RUST_LOG'])].filter(
    (name) => settings.environment?.includes(name) !== true,
  );
  const tables = [
    '[analytics]',
    'enabled = false',
    // Its plugins are none of the user's here, and looking for new ones is a call to the outside at every start.
    '[features]',
    'plugins = false',
    // Its own list of what is left to do: off unless asked for.
    '[tools.update_plan]',
    'enabled = true',
    // By default names such as ORBIT_TOKEN could be kept from commands; the model's key is what has to be.
    '[shell_environment_policy]',
    'inherit = "all"',
    'ignore_default_excludes = true',
    `exclude = [${hidden.map(tomlText).join(', ')}]`,
    ...(isSet(endpoint) ? endpointTable(endpoint, environment) : []),
    ...(mcp === null ? [] : mcpTable(mcp)),
    ...untrusted([order.workspace, order.directory]),
  ];
  return `${top.join('\n')}\n${user.tables}${tables.join('\n')}\n`;
}

/** Codex itself takes no notice of these variables. A login with an account is not shown to another endpoint, a key is. */
function endpointTable(url: string, environment: Readonly<Record<string, string>>): string[] {
  const key = keyNames.find((name) => isSet(environment[name]));
  return [
    '[model_providers.orbit-endpoint]',
    'name = "OPENAI_BASE_URL"',
    `base_url = ${tomlText(url)}`,
    'wire_api = "responses"',
    ...(key === undefined ? [] : [`env_key = ${tomlText(key)}`]),
  ];
}

function mcpTable({ name, command, args, environment }: McpServer): string[] {
  const variables = Object.entries(environment).map(([key, value]) => `${tomlText(key)} = ${tomlText(value)}`);
  return [
    `[mcp_servers.${tomlText(name)}]`,
    `command = ${tomlText(command)}`,
    `args = [${args.map(tomlText).join(', ')}]`,
    'default_tools_approval_mode = "approve"',
    `startup_timeout_sec = ${mcpStartS}`,
    `env = { ${variables.join(', ')} }`,
  ];
}

/**
 * What lies in the repository is not obeyed: told to work with full access, Codex trusts a directory by itself, and then starts the
 * MCP servers and hooks of its `.codex/` (measured). An agent can commit such files for the next one.
 */
function untrusted(directories: readonly string[]): string[] {
  const names = new Set(directories.flatMap((directory) => [directory, realPathOf(directory)]));
  return [...names].flatMap((name) => [`[projects.${tomlText(name)}]`, 'trust_level = "untrusted"']);
}

function realPathOf(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}

/** Nobody else reads it, not even for the moment between making and closing. */
function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
