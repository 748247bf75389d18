/**
 * Bars agents whose login was refused at work, until a check of them passes (C8).
 *
 * Owns who is barred: the agent, and those of the settings that use the same account through the same adapter. It is kept as a
 * check that did not pass, because that is what it is: a measurement, about this make of the agent alone.
 */
import { lastCheck, refusedLogin } from '../core/agent-check.ts';
import { accountOf } from '../core/quota.ts';
import { agentEntry } from '../platform/known-agents.ts';
import type { AgentEntry, Settings } from '../platform/settings.ts';
import type { Store } from '../store/store.ts';
import { fingerprintOf } from './agent-gate.ts';

export interface BarOrder {
  settings: Pick<Settings, 'agents'>;
  /** What its program says its version is. */
  version: (entry: AgentEntry) => Promise<string | null>;
  /** Name in the settings. */
  agent: string;
  /** What it was told, and how a person logs it in. */
  reason: string;
  /** When the refused attempt began, in milliseconds since 1970: a check that passed later knows better. */
  since: number;
  now: number;
}

/** Answers the names that get no task from now on. */
export async function barAgent(store: Store, order: BarOrder): Promise<string[]> {
  const { settings, agent, reason, since, now } = order;
  const checks = await store.agentChecks();
  const barred: string[] = [];
  for (const [name, entry] of sameLogin(settings, agent)) {
    const version = await order.version(entry);
    const fingerprint = fingerprintOf(entry, version);
    const last = lastCheck(checks, name, fingerprint);
    if (last !== null && last.passed && last.at >= since) continue;
    await store.saveAgentCheck(
      refusedLogin({ agent: name, adapter: entry.adapter, version }, { fingerprint, reason, now }),
    );
    barred.push(name);
  }
  return barred;
}

function sameLogin(settings: Pick<Settings, 'agents'>, agent: string): [string, AgentEntry][] {
  const own = agentEntry(settings, agent);
  if (own === null) return [];
  const others = Object.entries(settings.agents).filter(
    ([name, entry]) =>
      name !== agent && entry.adapter === own.adapter && accountOf(name, entry) === accountOf(agent, own),
  );
  return [[agent, own], ...others];
}
