/** How a person logs an agent's program in: the reason of an attempt that failed for want of a login says it. */
import type { StartedAgent } from './start-agent.ts';

const ways: Readonly<Record<string, string>> = {
  claude: 'Run "claude" once and type /login, or set ANTHROPIC_API_KEY',
  codex: 'Run "codex login", or set OPENAI_API_KEY',
  opencode: 'Run "opencode auth login", or set the key of its provider',
  gemini: 'Run "gemini" once and log in, or set GEMINI_API_KEY',
  copilot: 'Run "copilot" once and type /login, or set GH_TOKEN',
  qwen: 'Run "qwen" once and log in, or set OPENAI_API_KEY',
};

/** One sentence: what to do, and how to see that it helped. */
export function loginAdvice({ adapter, settings }: StartedAgent): string {
  const way = ways[settings.adapter] ?? ways[adapter.name] ?? 'Log its program in as the user that Orbit runs as';
  return `${way} where Orbit is started; "orbit agents check" tells whether it is logged in.`;
}
