/** Lays what a pulse tells over what is known of the agents at work. Pure. */
import type { Agent } from '../../../src/api/contract.ts';

/**
 * A pulse says how agents look, not everything about them: titles and what processes use stay as they were last told.
 * `undefined`: an agent is in it of which nothing is known, so that all have to be asked for.
 */
export function mergePulse(known: readonly Agent[], told: readonly Partial<Agent>[]): Agent[] | undefined {
  const byToken = new Map(known.map((agent) => [agent.token, agent]));
  const merged: Agent[] = [];
  for (const agent of told) {
    const before = byToken.get(agent.token ?? -1);
    if (before === undefined) return undefined;
    merged.push({ ...before, ...agent });
  }
  return merged;
}
