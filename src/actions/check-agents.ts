/**
 * Checks agents with a probe and keeps what it found (C8).
 *
 * Owns which agents are checked and what is remembered. What was in the way for a while only (quota, network) is told and not
 * kept: it says nothing about the agent, and an earlier check stays what it was.
 */
import type { AgentCheck } from '../core/agent-check.ts';
import { UsageError } from '../platform/error.ts';
import { agentEntry, knownAgents } from '../platform/known-agents.ts';
import type { AgentEntry } from '../platform/settings.ts';
import type { Context } from './context.ts';
import { refuseAgents } from './refuse-agents.ts';
import type { Rejection } from '../core/rejection.ts';

export interface CheckOrder {
  /** None: all that are configured. */
  names: readonly string[];
  /** Another model than the settings'. */
  model: string | null;
  probe: (agent: string, entry: AgentEntry) => Promise<{ check: AgentCheck; isPassing: boolean }>;
  /** Told before each probe and after it. */
  onStep: (agent: string, check: AgentCheck | null) => void;
  signal: AbortSignal;
}

/** One after the other: programs that run at once would measure each other. Throws `UsageError` `unknown-agent`. */
export async function checkAgents(context: Context, order: CheckOrder): Promise<AgentCheck[] | Rejection> {
  const refusal = await refuseAgents(context, 'check agents');
  if (refusal !== null) return refusal;
  const chosen = await choose(context, order);
  const checks: AgentCheck[] = [];
  for (const [agent, entry] of chosen) {
    if (order.signal.aborted) break;
    order.onStep(agent, null);
    const { check, isPassing } = await order.probe(agent, entry);
    if (order.signal.aborted) break;
    if (!isPassing) await context.store.saveAgentCheck(check);
    checks.push(check);
    order.onStep(agent, check);
  }
  return checks;
}

async function choose(context: Context, { names, model }: CheckOrder): Promise<[string, AgentEntry][]> {
  const settings = await context.settings();
  const configured = Object.keys(settings.agents);
  if (names.length === 0 && configured.length === 0)
    throw new UsageError(
      'unknown-agent',
      'no agent is configured in orbit.config.json',
      `name one: orbit agents check claude (known without settings: ${knownAgents.join(', ')})`,
    );
  return (names.length === 0 ? configured : [...new Set(names)]).map((name) => {
    const entry = agentEntry(settings, name);
    if (entry !== null) return [name, model === null ? entry : { ...entry, model }];
    throw new UsageError(
      'unknown-agent',
      `there is no agent ${JSON.stringify(name)} in orbit.config.json`,
      `known: ${[...new Set([...configured, ...knownAgents])].join(', ')}`,
    );
  });
}
