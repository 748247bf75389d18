/** Leaves out the agents that a check found below the bar (C8). */
import type { AgentSlots, CoordinatorPorts } from './ports.ts';

export async function checkedAgents(
  { barred }: Pick<CoordinatorPorts, 'barred'>,
  agents: readonly AgentSlots[],
): Promise<readonly AgentSlots[]> {
  const without = await barred?.();
  return without === undefined ? agents : agents.filter(({ name }) => !without.has(name));
}
