/**
 * The gate for agents (C8): who is below the bar and therefore gets no task, with the reason.
 *
 * Owns the comparison of stored checks with the agents as they are now. An agent's program is asked for its version only where
 * that decides something, because it costs a process.
 */
import { agentFingerprint, barredBecause, lastCheck, type AgentCheck, type CheckPolicy } from '../core/agent-check.ts';
import { agentEntry } from '../platform/known-agents.ts';
import type { AgentEntry } from '../platform/settings.ts';
import type { Context } from './context.ts';

export interface AgentStanding {
  agent: string;
  adapter: string;
  slots: number;
  /** The last check of this agent in any make, for people; `null` = never checked. */
  check: AgentCheck | null;
  /** That check was done with the adapter, command and model that the settings name now. */
  isChecked: boolean;
  /** Why it gets no task, or `null`. */
  barred: string | null;
}

/** All configured agents, in the order of the settings, then those that were checked without standing there. */
export async function agentStandings(context: Context): Promise<AgentStanding[]> {
  const settings = await context.settings();
  const checks = await context.store.agentChecks();
  const names = new Set([...Object.keys(settings.agents), ...checks.map(({ agent }) => agent)]);
  const entries = [...names].flatMap((name) => {
    const entry = agentEntry(settings, name);
    return entry === null ? [] : [[name, entry] as const];
  });
  return Promise.all(
    entries.map(async ([agent, entry]) => {
      const own = checks.filter((check) => check.agent === agent).toSorted((a, b) => b.at - a.at);
      const { adapter, slots } = entry;
      const [check = null] = own;
      const isChecked = check !== null && check.fingerprint === fingerprintOf(entry, check.version);
      return { agent, adapter, slots, check, isChecked, barred: await barred(context, { agent, entry, own }) };
    }),
  );
}

/** Names of the agents that get no task, with the reason. */
export async function barredAgents(context: Context): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { agent, barred: why } of await agentStandings(context)) if (why !== null) found.set(agent, why);
  return found;
}

async function barred(
  { agentVersion }: Context,
  { agent, entry, own }: { agent: string; entry: AgentEntry; own: readonly AgentCheck[] },
): Promise<string | null> {
  const policy: CheckPolicy = entry.check ?? 'when-checked';
  if (policy === 'never') return null;
  const decides = policy === 'required' ? own.length > 0 : own.some(({ passed }) => !passed);
  const now = decides ? lastCheck(own, agent, fingerprintOf(entry, await agentVersion(entry))) : null;
  return barredBecause(now, agent, policy);
}

/** What a check of the agent is kept under. */
export function fingerprintOf({ adapter, command, script, model }: AgentEntry, version: string | null): string {
  const words = command ?? (script === undefined ? null : [script]);
  return agentFingerprint({ adapter, version, command: words, model: model ?? null });
}
