/** The agents' programs that the tests drive: pinned, because what they print changes from version to version. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Cli {
  /** Name of the agent and of its adapter. */
  name: string;
  package: string;
  version: string;
  /** Name of the program in the package. */
  program: string;
  /** Written in JavaScript, so it needs a Node.js of its own time. */
  script: boolean;
}

export const clis: readonly Cli[] = [
  { name: 'claude', package: '@anthropic-ai/claude-code', version: '2.1.329', program: 'claude', script: false },
  { name: 'codex', package: '@openai/codex', version: '0.169.0', program: 'codex', script: true },
  { name: 'opencode', package: 'opencode-ai', version: '1.18.33', program: 'opencode', script: false },
  { name: 'gemini', package: '@google/gemini-cli', version: '0.61.0', program: 'gemini', script: true },
  { name: 'copilot', package: '@github/copilot', version: '1.0.102', program: 'copilot', script: false },
  { name: 'qwen', package: '@qwen-code/qwen-code', version: '0.24.4', program: 'qwen', script: true },
];

/** Where all projects of this user share installed programs. */
export function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'orbit-agent-clis');
}

export function folderOf(cli: Pick<Cli, 'package' | 'version'>): string {
  return join(cacheDirectory(), `${cli.package.replace(/^@/, '').replaceAll('/', '_')}_${cli.version}`);
}

export function programOf(cli: Cli): string {
  return join(folderOf(cli), 'node_modules', '.bin', cli.program);
}
