/**
 * How Claude Code is started for an attempt: arguments, environment, and the one file it is given.
 *
 * The prompt goes to standard input, never here. What lies in the repository may have been written by another agent, so
 * nothing of it is run or obeyed by the program itself: with the usual setting sources a planted `.claude/settings.json` ran
 * its hooks and key helper before the first word, and sent the key to an endpoint of its choice (measured).
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOrder, McpServer, Thinking } from '../agent.ts';

/** Flags without which no session in turns can be held safely: what `--help` of the program has to know. */
export const neededFlags: readonly string[] = [
  '--input-format',
  '--output-format',
  '--replay-user-messages',
  '--include-partial-messages',
  '--permission-mode',
  'dontAsk',
  '--allowedTools',
  '--disallowedTools',
  '--setting-sources',
  '--strict-mcp-config',
  '--mcp-config',
  '--append-system-prompt',
  '--resume',
  '--model',
  '--effort',
];

const allowedTools: readonly string[] = [
  'Bash',
  'Read',
  'Glob',
  'Grep',
  'Edit',
  'Write',
  'NotebookEdit',
  'TodoWrite',
  'Task',
  'WebFetch',
  'WebSearch',
];

/** Tools that leave the workspace, or put work off to a time when nobody listens any more. */
const refusedTools: readonly string[] = [
  'EnterWorktree',
  'ExitWorktree',
  'CronCreate',
  'CronDelete',
  'CronList',
  'ScheduleWakeup',
  'ListAgents',
  'SendMessage',
  'AskUserQuestion',
];

/** The program reads no project settings, and with them no project rules; so it is told to read the rules as text. */
const rulesWord =
  'Before you begin, read CLAUDE.md and AGENTS.md at the top of the working directory, where they exist, and follow the conventions of the project in them.';

/** Budgets for thinking: by the program's own names, and in tokens for models that know no effort. The last is its default. */
const efforts: Readonly<Record<Thinking, { name: string; tokens: number }>> = {
  low: { name: 'low', tokens: 4_000 },
  medium: { name: 'medium', tokens: 10_000 },
  high: { name: 'high', tokens: 20_000 },
  max: { name: 'max', tokens: 31_999 },
};

export function argumentsFor(
  order: Pick<AgentOrder, 'model' | 'thinking' | 'mcp' | 'resume'>,
  mcpFile: string,
): string[] {
  const { model, thinking, mcp, resume } = order;
  const allowed = mcp === null ? allowedTools : [...allowedTools, `mcp__${mcp.name}`];
  const options: [name: string, value: string | null][] = [
    ['--input-format', 'stream-json'],
    ['--output-format', 'stream-json'],
    ['--permission-mode', 'dontAsk'],
    ['--allowedTools', allowed.join(',')],
    ['--disallowedTools', refusedTools.join(',')],
    ['--setting-sources', 'user'],
    ['--mcp-config', mcp === null ? null : mcpFile],
    ['--append-system-prompt', rulesWord],
    ['--model', model],
    ['--effort', thinking === null ? null : efforts[thinking].name],
    ['--resume', resume],
  ];
  return [
    '-p',
    '--verbose',
    '--replay-user-messages',
    '--include-partial-messages',
    '--strict-mcp-config',
    ...options.flatMap(([name, value]) => (value === null ? [] : [name, value])),
  ];
}

/**
 * No updates and nothing but the model's own traffic; the todo list in the form that gives it whole. A session that fills up is
 * handed over with notes of the agent's own: compacted by the program, at five sixths of a window of 200,000 tokens, it would
 * go on with what a summary kept before anybody was asked.
 */
export const ownVariables: Readonly<Record<string, string>> = {
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  CLAUDE_CODE_ENABLE_TASKS: '0',
  DISABLE_AUTO_COMPACT: '1',
  // It would refuse to go on at 177,000 of 200,000 tokens, before an agent has written its notes; the service decides instead.
  CLAUDE_CODE_BLOCKING_LIMIT_OVERRIDE: '100000000',
  // Without it the program gives up after three answers of 529 within two seconds, and does not tell when a limit ends. The
  // reader ends what takes too long.
  CLAUDE_CODE_RETRY_WATCHDOG: '1',
};

/** The budget for models that know no effort; others were seen to ignore it. */
export function thinkingVariables(thinking: Thinking | null): Record<string, string> {
  return thinking === null ? {} : { MAX_THINKING_TOKENS: String(efforts[thinking].tokens) };
}

/** What the program takes from the user's environment: endpoint, key, and the same for clouds that resell its models. */
export const environmentNames: readonly string[] = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_MODEL',
  'ANTHROPIC_SMALL_FAST_MODEL',
  'ANTHROPIC_CUSTOM_HEADERS',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_SKIP_BEDROCK_AUTH',
  'ANTHROPIC_BEDROCK_BASE_URL',
  'AWS_REGION',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_BEARER_TOKEN_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_SKIP_VERTEX_AUTH',
  'ANTHROPIC_VERTEX_BASE_URL',
  'ANTHROPIC_VERTEX_PROJECT_ID',
  'CLOUD_ML_REGION',
  'GOOGLE_APPLICATION_CREDENTIALS',
];

/**
 * Writes the MCP configuration for this attempt's user alone (its server's environment holds the attempt's capability) and
 * answers its path. A server that is not always loaded is only named to the model, which then has to search for its tools.
 */
export function writeMcpFile(home: string, server: McpServer): string {
  const file = join(home, '.orbit', 'mcp.json');
  mkdirSync(join(home, '.orbit'), { recursive: true, mode: 0o700 });
  const { name, command, args, environment } = server;
  const entry = { type: 'stdio', command, args, env: environment, alwaysLoad: true };
  // A file that is there keeps its mode when it is written again.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ mcpServers: { [name]: entry } }), { mode: 0o600 });
  return file;
}
