/**
 * Files that gemini, copilot and qwen find in their private home.
 *
 * Owns their content: no updates, no telemetry, no questions about trust, few tries at a service that fails, because under this
 * protocol none of them tells that it is waiting. Whatever an agent left in their place is taken away first, never followed.
 */
import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { McpServer, PrivateDirectories } from '../agent.ts';

/**
 * As settings of the system, which win over those of the repository: an agent can commit a file that names programs to start
 * (hooks and MCP servers ran before the first word of the prompt, measured).
 * @param login the id of the way to log in. @param server the MCP server that may be started. Answers the variable that names the file.
 */
export function settingsOfGemini(home: string, login: string, server: string): Record<string, string> {
  const file = join(home, '.gemini', 'system.json');
  const settings = {
    security: { auth: { selectedType: login }, folderTrust: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: triesMax },
  };
  // Trust in the folder is read from the user's settings alone.
  writeOwn(join(home, '.gemini', 'settings.json'), settings);
  writeOwn(file, { ...settings, hooksConfig: { enabled: false }, mcp: { allowed: [server] } });
  return { GEMINI_CLI_SYSTEM_SETTINGS_PATH: file };
}

/** The same for Qwen. @param login `openai` or `qwen-oauth`. */
export function settingsOfQwen(home: string, login: string, server: string): Record<string, string> {
  const file = join(home, '.qwen', 'system.json');
  writeOwn(file, {
    security: { auth: { selectedType: login }, folderTrust: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: { enableAutoUpdate: false },
    disableAllHooks: true,
    mcp: { allowed: [server] },
  });
  return { QWEN_CODE_SYSTEM_SETTINGS_PATH: file };
}

/** Hooks are off as far as the program heeds that: those of `.github/hooks` it runs all the same (measured). */
export function settingsOfCopilot(home: string): void {
  writeOwn(join(home, '.copilot', 'settings.json'), { disableAllHooks: true });
}

/** With 4 tries a service that is overloaded is told after half a minute (measured); with the usual 10 after several, in silence. */
const triesMax = 4;

export function mcpFileOf(home: string): string {
  return join(home, '.orbit', 'mcp.json');
}

/** For a program that takes MCP servers by a file: its environment holds the attempt's capability, so no argument can. */
export function writeMcpFile(home: string, { name, command, args, environment }: McpServer): void {
  writeOwn(mcpFileOf(home), {
    mcpServers: { [name]: { type: 'local', command, args, env: environment, tools: ['*'] } },
  });
}

/**
 * Copilot unpacks 235 MB into each new home. The user's own cache takes the place of that, so that it is done once.
 * Where that cannot be had, the program does without.
 */
export function sharePackages({ home, userHome }: PrivateDirectories): void {
  const [own, shared] = [home, userHome].map((top) => join(top, '.cache', 'copilot', 'pkg')) as [string, string];
  try {
    if (lstatSync(own, { throwIfNoEntry: false }) !== undefined || home === userHome) return;
    mkdirSync(shared, { recursive: true, mode: 0o700 });
    mkdirSync(dirname(own), { recursive: true, mode: 0o700 });
    symlinkSync(shared, own);
  } catch {
    // A home that cannot be written to: then there is nothing to share with, either.
  }
}

function writeOwn(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(content, null, 2), { mode: 0o600, flag: 'wx' });
}
