/**
 * Whether this machine has room for one more agent (I16): the facts for `core/machine-room.ts`, and what was said last.
 */
import { agentFamily } from '../core/agent-name.ts';
import type { Attempt } from '../core/attempt.ts';
import { crowdedBecause } from '../core/machine-room.ts';
import type { AgentSlots, CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

/**
 * Notes in `state.crowded`, which starts empty in each round of giving out, why work has to wait; without work that waits the
 * reason is nobody's concern.
 */
export async function hasRoom(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { state, agent, live }: { state: CoordinatorState; agent: AgentSlots; live: readonly Attempt[] },
): Promise<boolean> {
  const machine = ports.machine?.();
  if (machine === undefined) return true;
  const memoryOf = (name: string): number => settings.agents.find((one) => one.name === name)?.memoryMb ?? 0;
  const weights = live
    .map((attempt) => ({ memoryMb: memoryOf(agentFamily(attempt.agent)), startedAt: attempt.startedAt }))
    .filter(({ memoryMb }) => memoryMb > 0);
  const because = crowdedBecause({
    agent: { name: agent.name, memoryMb: agent.memoryMb ?? 0 },
    machine,
    live: weights,
    now: ports.clock.now(),
    parallelMax: settings.parallelMax,
    limits: settings.limits,
  });
  if (because === null) return true;
  for (const plan of settings.plans) {
    const waiting = await ports.store.ready({ plan, mayTake: agent.name, limit: 1 }, ports.clock.now());
    if (waiting.length > 0) state.crowded = because;
  }
  return false;
}
