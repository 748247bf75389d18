/** How many more agents could be at work by the settings. The coordinator has the last word: it also looks at machine and quota. */
import { agentFamily } from '../../core/agent-name.ts';
import { agentEntry } from '../../platform/known-agents.ts';
import type { Context } from '../context.ts';

/** @param agent only of this name in the settings; `null`: of all. */
export async function freeSlots(context: Context, agent: string | null): Promise<number> {
  const settings = await context.settings();
  const live = (await context.store.attempts({ live: true })).filter(({ byHand }) => !byHand);
  const names = agent === null ? Object.keys(settings.agents) : [agentFamily(agent)];
  const free = names.map((name) => {
    const busy = live.filter((attempt) => agentFamily(attempt.agent) === name).length;
    return Math.max(0, (agentEntry(settings, name)?.slots ?? 0) - busy);
  });
  const { maxParallelAgents, defaultConcurrencyMode } = settings;
  const most = defaultConcurrencyMode === 'sequential' ? 1 : (maxParallelAgents ?? Number.POSITIVE_INFINITY);
  return Math.max(
    0,
    Math.min(
      free.reduce((sum, one) => sum + one, 0),
      most - live.length,
    ),
  );
}
