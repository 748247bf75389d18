/**
 * The configuration of one attempt's OpenCode: a file of its own, the user's login, and the variables that point there.
 *
 * Invariant: nothing in it waits for a person. What is allowed is settled before the start, because a question that nobody
 * answers looks like an agent that hangs.
 */
import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentOrder } from '../agent.ts';
import { fieldsIn } from '../fields.ts';
import { lendLogin, returnLogin, type LentLogin } from '../login-files.ts';
import { openCodeLogin } from './login.ts';
import { userConfiguration } from './user-configuration.ts';

/** Names of the variables by which providers' keys, endpoints and proxies reach OpenCode. */
export const environmentNames: readonly string[] = [
  'ANTHROPIC_API_KEY',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_REGION',
  'AZURE_API_KEY',
  'AZURE_COGNITIVE_SERVICES_RESOURCE_NAME',
  'AZURE_RESOURCE_NAME',
  'CEREBRAS_API_KEY',
  'CLOUDFLARE_ACCOUNT_ID',
  'CLOUDFLARE_API_TOKEN',
  'CLOUDFLARE_GATEWAY_ID',
  'COHERE_API_KEY',
  'DEEPINFRA_API_KEY',
  'DEEPSEEK_API_KEY',
  'FIREWORKS_API_KEY',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'GROQ_API_KEY',
  'MISTRAL_API_KEY',
  'MOONSHOT_API_KEY',
  'NVIDIA_API_KEY',
  'OPENAI_API_KEY',
  'OPENCODE_API_KEY',
  'OPENROUTER_API_KEY',
  'PERPLEXITY_API_KEY',
  'TOGETHER_API_KEY',
  'VERTEX_LOCATION',
  'XAI_API_KEY',
  'ZHIPU_API_KEY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
];

export interface Configured {
  /** The server's, the password aside. */
  environment: Record<string, string>;
  /** Gives a login back that was renewed meanwhile. For the time after the server's end; may be called again. */
  giveBack: () => void;
}

/** Writes it, or says why it cannot be written. */
export function writeConfiguration(order: AgentOrder): Configured | { fault: string } {
  const { directories, environment, promptFile } = order;
  const file = join(directories.home, 'orbit-opencode.json');
  let lent: LentLogin;
  try {
    lent = lendLogin(openCodeLogin, directories);
    lendSearch(directories);
    declineToolkit(directories.home);
    // Taken away first: an earlier agent in this home may have put a link there.
    rmSync(file, { force: true });
    writeFileSync(file, JSON.stringify(configurationOf(order), null, 2), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    return {
      fault: `cannot write OpenCode's settings ${file}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  return {
    giveBack: () => returnLogin(openCodeLogin, directories, lent),
    environment: {
      ...environment,
      ORBIT_PROMPT: promptFile,
      OPENCODE_CONFIG: file,
      // The settings of a repository may name programs to start, and rules that wait for a person.
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      OPENCODE_DISABLE_TERMINAL_TITLE: '1',
    },
  };
}

function configurationOf({ directories, workspace, model, mcp }: AgentOrder): Record<string, unknown> {
  const user = userConfiguration(directories.userHome);
  const servers =
    mcp === null
      ? {}
      : {
          [mcp.name]: {
            type: 'local',
            command: [mcp.command, ...mcp.args],
            environment: mcp.environment,
            enabled: true,
          },
        };
  return {
    ...user,
    provider: fieldsIn(user['provider']),
    ...(model === null || !model.includes('/') ? {} : { model }),
    autoupdate: false,
    share: 'disabled',
    // Copies of the whole work tree at every step: Orbit keeps the work by other means.
    snapshot: false,
    permission: { '*': 'allow', question: 'deny' },
    mcp: servers,
    // Left out with the settings of the repository; these are the words for agents in it.
    instructions: [join(workspace, 'AGENTS.md'), join(workspace, 'CLAUDE.md')].filter(isFile).slice(0, 1),
  };
}

/**
 * The search program that OpenCode once fetched for the user, so that it is not fetched for each attempt; without one and
 * without a network its search tools fail.
 */
function lendSearch({ home, userHome }: AgentOrder['directories']): void {
  const [mine, own] = [userHome, home].map((top) => join(top, '.cache', 'opencode', 'bin', 'rg'));
  if (mine === undefined || own === undefined || mine === own || !isFile(mine)) return;
  mkdirSync(dirname(own), { recursive: true, mode: 0o700 });
  if (lstatSync(own, { throwIfNoEntry: false }) === undefined) symlinkSync(mine, own);
}

/**
 * OpenCode fetches a toolkit for plugins in the background, 60 MB for each home, unless the home's lock file names it as there.
 * No plugin of the home runs, so nobody misses it; and a server that is fetching takes seconds to end.
 */
function declineToolkit(home: string): void {
  const folder = join(home, '.config', 'opencode');
  mkdirSync(join(folder, 'node_modules'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'package-lock.json');
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  const dependencies = { '@opencode-ai/plugin': '*' };
  writeFileSync(file, JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies } } }), { flag: 'wx' });
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
