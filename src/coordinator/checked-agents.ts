/** Leaves out the agents that a check found below the bar (C8). */
import type { AgentSlots, CoordinatorPorts } from './ports.ts';

/** Those of them that it left out, with the reason. */
export async function barredOf(
  { barred }: Pick<CoordinatorPorts, 'barred'>,
  agents: readonly AgentSlots[],
): Promise<ReadonlyMap<string, string>> {
  const without = (await barred?.()) ?? new Map<string, string>();
  return new Map([...without].filter(([name]) => agents.some((agent) => agent.name === name)));
}

export async function checkedAgents(
  { barred }: Pick<CoordinatorPorts, 'barred'>,
  agents: readonly AgentSlots[],
): Promise<readonly AgentSlots[]> {
  const without = await barred?.();
  return without === undefined ? agents : agents.filter(({ name }) => !without.has(name));
}
