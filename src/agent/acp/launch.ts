/**
 * How each agent of this adapter is started: its usual program, arguments, environment, files and login.
 *
 * Owns what was measured of gemini, copilot and qwen. Any other agent is the command of the settings and nothing else. Keys stay in
 * the environment and prompts go through the protocol: a command line is read by everybody on the machine.
 */
import type { AgentOrder, McpServer, PrivateDirectories, Thinking } from '../agent.ts';
import type { LoginFile } from '../login-files.ts';
import { loginFiles } from './login.ts';
import {
  mcpFileOf,
  settingsOfCopilot,
  settingsOfGemini,
  settingsOfQwen,
  sharePackages,
  writeMcpFile,
} from './own-files.ts';

export interface LaunchOrder {
  environment: Readonly<Record<string, string>>;
  directories: PrivateDirectories;
  model: string | null;
  thinking: Thinking | null;
  mcp: McpServer | null;
}

export interface Launch {
  /** The usual program; `null`: the settings have to name one. */
  program: string | null;
  /** The package it comes in, for its version and for who has to install it. */
  package: { name: string; testedVersion: string } | null;
  environmentNames: readonly string[];
  takesThinking: boolean;
  /** Arguments beyond the program and those of the settings. */
  args(order: LaunchOrder): readonly string[];
  /** Variables of its own; writes the files it needs, for this attempt's user alone. */
  prepare(order: LaunchOrder): Record<string, string>;
  /** Files of the user's login that it needs, given what the environment holds. */
  login(environment: Readonly<Record<string, string>>): readonly LoginFile[];
  /** The way to log in that fits what the environment holds, by its id in the protocol; `null`: the program's own choice. */
  loginMethod(environment: Readonly<Record<string, string>>): string | null;
  /** It takes MCP servers by a flag, because it ignores those of the protocol. */
  mcpByFlag: boolean;
  /** Why it must not be started with this environment. */
  fault(environment: Readonly<Record<string, string | undefined>>): string | null;
}

/** Stands where no server is lent: an empty list would allow all. */
const noServer = 'none';

/** For the way to the model's service, whatever the program. */
const proxyNames = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];

const gemini: Launch = {
  program: 'gemini',
  package: { name: '@google/gemini-cli', testedVersion: '0.61.0' },
  environmentNames: [
    'GEMINI_API_KEY',
    'GOOGLE_GEMINI_BASE_URL',
    'GEMINI_MODEL',
    'GOOGLE_API_KEY',
    'GOOGLE_GENAI_USE_VERTEXAI',
    'GOOGLE_VERTEX_BASE_URL',
    'GOOGLE_CLOUD_PROJECT',
    'GOOGLE_CLOUD_LOCATION',
    'GOOGLE_APPLICATION_CREDENTIALS',
    ...proxyNames,
  ],
  takesThinking: false,
  args: ({ model, mcp }) => [
    '--acp',
    '--approval-mode',
    'yolo',
    '--allowed-mcp-server-names',
    mcp?.name ?? noServer,
    ...(model === null ? [] : ['-m', model]),
  ],
  prepare({ environment, directories, mcp }): Record<string, string> {
    const own = settingsOfGemini(directories.home, geminiLogin(environment), mcp?.name ?? noServer);
    // Without this it starts itself again as a second process, for more memory.
    return { ...own, GEMINI_CLI_NO_RELAUNCH: 'true' };
  },
  login: (environment) => (geminiLogin(environment) === 'oauth-personal' ? loginFiles.gemini : []),
  loginMethod: geminiLogin,
  mcpByFlag: false,
  fault: () => null,
};

function geminiLogin(environment: Readonly<Record<string, string>>): string {
  if (has(environment, 'GEMINI_API_KEY')) return 'gemini-api-key';
  return has(environment, 'GOOGLE_GENAI_USE_VERTEXAI') || has(environment, 'GOOGLE_API_KEY')
    ? 'vertex-ai'
    : 'oauth-personal';
}

const copilot: Launch = {
  program: 'copilot',
  package: { name: '@github/copilot', testedVersion: '1.0.102' },
  environmentNames: [
    'COPILOT_GITHUB_TOKEN',
    'GH_TOKEN',
    'GITHUB_TOKEN',
    'GH_HOST',
    'COPILOT_GH_HOST',
    'COPILOT_MODEL',
    'COPILOT_OFFLINE',
    'COPILOT_PROVIDER_BASE_URL',
    'COPILOT_PROVIDER_TYPE',
    'COPILOT_PROVIDER_API_KEY',
    'COPILOT_PROVIDER_BEARER_TOKEN',
    'COPILOT_PROVIDER_HEADERS',
    'COPILOT_PROVIDER_WIRE_API',
    'COPILOT_PROVIDER_WIRE_MODEL',
    'COPILOT_PROVIDER_MODEL_ID',
    'COPILOT_PROVIDER_MAX_PROMPT_TOKENS',
    'COPILOT_PROVIDER_MAX_OUTPUT_TOKENS',
    'COPILOT_PROVIDER_AZURE_API_VERSION',
    ...proxyNames,
  ],
  takesThinking: true,
  args: ({ model, thinking, mcp, directories }) => [
    '--acp',
    '--allow-all',
    '--no-auto-update',
    ...(model === null ? [] : ['--model', model]),
    ...(thinking === null ? [] : ['--reasoning-effort', thinking]),
    ...(mcp === null ? [] : ['--additional-mcp-config', `@${mcpFileOf(directories.home)}`]),
  ],
  prepare({ environment, directories, mcp }): Record<string, string> {
    sharePackages(directories);
    settingsOfCopilot(directories.home);
    if (mcp !== null) writeMcpFile(directories.home, mcp);
    const own = { COPILOT_HOME: `${directories.home}/.copilot` };
    // With a model service of the user's own it needs nothing else from outside.
    return has(environment, 'COPILOT_PROVIDER_BASE_URL') && environment['COPILOT_OFFLINE'] === undefined
      ? { ...own, COPILOT_OFFLINE: 'true' }
      : own;
  },
  login: (environment) => (tokenNames.some((name) => has(environment, name)) ? [] : loginFiles.copilot),
  loginMethod: () => null,
  mcpByFlag: true,
  fault(environment): string | null {
    const key = environment['COPILOT_PROVIDER_API_KEY'] ?? '';
    // It masks the key's value wherever it stands in its output, the names of the protocol included.
    return key === '' || key.length >= keyLengthMin
      ? null
      : `COPILOT_PROVIDER_API_KEY has fewer than ${keyLengthMin} characters, and copilot masks its value in all that it prints, the protocol included; use a longer key`;
  },
};

const tokenNames = ['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN', 'COPILOT_PROVIDER_BASE_URL'];

/** No name or number of the protocol is that long, so no such key can stand in one by accident. */
const keyLengthMin = 16;

const qwen: Launch = {
  program: 'qwen',
  package: { name: '@qwen-code/qwen-code', testedVersion: '0.24.4' },
  environmentNames: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'QWEN_MODEL', ...proxyNames],
  takesThinking: false,
  args: ({ environment, model }) => [
    '--acp',
    '--approval-mode',
    'yolo',
    ...(has(environment, 'OPENAI_API_KEY') ? ['--auth-type', 'openai'] : []),
    ...(model === null ? [] : ['-m', model]),
  ],
  prepare({ environment, directories, mcp }): Record<string, string> {
    const login = has(environment, 'OPENAI_API_KEY') ? 'openai' : 'qwen-oauth';
    return settingsOfQwen(directories.home, login, mcp?.name ?? noServer);
  },
  login: (environment) => (has(environment, 'OPENAI_API_KEY') ? [] : loginFiles.qwen),
  loginMethod: () => null,
  mcpByFlag: false,
  fault: () => null,
};

const any: Launch = {
  program: null,
  package: null,
  environmentNames: [],
  takesThinking: false,
  args: () => [],
  prepare: () => ({}),
  login: () => [],
  loginMethod: () => null,
  mcpByFlag: false,
  fault: () => null,
};

export type AcpName = 'acp' | 'gemini' | 'copilot' | 'qwen';

export const launches: Readonly<Record<AcpName, Launch>> = { acp: any, gemini, copilot, qwen };

/** What a launch is told of an order. */
export function launchOrder({ environment, directories, model, thinking, mcp }: AgentOrder): LaunchOrder {
  return { environment, directories, model, thinking, mcp };
}

function has(environment: Readonly<Record<string, string>>, name: string): boolean {
  return (environment[name] ?? '') !== '';
}
