/**
 * Room on a machine: whether one more agent may start beside those at work (I16).
 *
 * Pure. Owns what an agent's program is expected to take, and the two ceilings that follow from memory and cores. Plain commands
 * have no weight here: what they take is their author's choice, and slots limit them.
 */
import type { Limits } from './limits.ts';

export interface Machine {
  /** What programs can still have without swapping, in bytes; `null` where the system does not tell. */
  availableBytes: number | null;
  cores: number;
}

export interface RoomInput {
  /** The agent that would start; `memoryMb` 0 is one without weight. */
  agent: { name: string; memoryMb: number };
  machine: Machine;
  /** Live attempts on this machine of agents with a weight. */
  live: readonly { memoryMb: number; startedAt: number }[];
  now: number;
  /** The user's own ceiling for agents at once; it takes the place of the cores'. */
  parallelMax: number | null;
  limits: Pick<Limits, 'agentsPerCoreMax' | 'agentSettleMs' | 'memoryKeptFreeMb'>;
}

const megabyte = 1_000_000;

/**
 * Megabytes that an attempt with an adapter's program is expected to take with all its processes; measured with three model
 * calls and no build of its own. Programs that are not here have no weight.
 */
const usualMemoryMb: Readonly<Record<string, number>> = {
  claude: 350,
  codex: 290,
  opencode: 700,
  gemini: 400,
  copilot: 330,
  qwen: 1_800,
  acp: 400,
};

export function expectedMemoryMb({ adapter, memoryMb }: { adapter: string; memoryMb?: number }): number {
  return memoryMb ?? usualMemoryMb[adapter] ?? 0;
}

/** Why the agent has to wait, or `null`. Without others at work it never has to: waiting would not make room. */
export function crowdedBecause({ agent, machine, live, now, parallelMax, limits }: RoomInput): string | null {
  if (agent.memoryMb === 0 || live.length === 0) return null;
  const { agentsPerCoreMax, agentSettleMs, memoryKeptFreeMb } = limits;
  const { cores, availableBytes } = machine;
  const most = cores * agentsPerCoreMax;
  if (parallelMax === null && live.length >= most) {
    return `${live.length} agents are at work, as many as ${cores} processor cores serve well; maxParallelAgents sets another number`;
  }
  if (availableBytes === null) return null;
  // One that has just started has not taken yet what it will.
  const promisedMb = live
    .filter(({ startedAt }) => now - startedAt < agentSettleMs)
    .reduce((sum, { memoryMb }) => sum + memoryMb, 0);
  const neededMb = agent.memoryMb + promisedMb + memoryKeptFreeMb;
  if (availableBytes >= neededMb * megabyte) return null;
  return `memory is short: ${agent.name} is expected to take ${agent.memoryMb} MB (agents.${agent.name}.memoryMb), and ${memoryKeptFreeMb} MB are kept free`;
}
