/**
 * Agents that Orbit knows by name: their adapters and the programs to look for.
 *
 * Owns the list. Such an agent needs no settings: `orbit run --agents claude:2` is enough, and `orbit init` writes down what it finds.
 */
import type { AgentEntry, Settings } from './settings.ts';

/** The name of the agent, of its adapter, and of its program on the PATH are the same for all of them. */
export const knownAgents: readonly string[] = ['claude', 'codex', 'opencode', 'gemini', 'copilot', 'qwen'];

/** Settings of an agent: its own, else those that its name alone tells; `null` where nothing is known of it. */
export function agentEntry({ agents }: Pick<Settings, 'agents'>, name: string): AgentEntry | null {
  if (Object.hasOwn(agents, name)) return agents[name] ?? null;
  return knownAgents.includes(name) ? { adapter: name, slots: 1 } : null;
}
