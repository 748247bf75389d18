/** Agents at work with what their processes use (D7). Reads only. */
import { usageOf } from '../platform/process-usage.ts';
import type { Context } from './context.ts';
import { viewAgent, type AgentView } from './list-agents.ts';

export interface AgentUsage extends AgentView {
  /** Of its task. */
  title: string;
  /** Of its whole process tree; `null`: unknown, because it runs elsewhere or could not be looked at. */
  cpuMs: number | null;
  memoryMb: number | null;
  processes: number | null;
}

/** In the order of their tokens; one read of the process table serves all. */
export async function agentUsage(context: Context): Promise<AgentUsage[]> {
  const { store, clock, settings } = context;
  const { supervision } = await settings();
  const attempts = (await store.attempts({ live: true })).toSorted((one, other) => one.token - other.token);
  const usages = usageOf(attempts.map(({ pulse }) => pulse.agent));
  const now = clock.now();
  const agents: AgentUsage[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const usage = usages[index] ?? null;
    const memoryBytes = usage?.memoryBytes ?? null;
    agents.push({
      ...viewAgent(attempt, { now, supervision }),
      title: (await store.task(attempt.task))?.task.title ?? '',
      cpuMs: usage?.cpuMs ?? null,
      memoryMb: memoryBytes === null ? null : Math.round(memoryBytes / 1e6),
      processes: usage?.processes ?? null,
    });
  }
  return agents;
}
