/** How many more agents could be at work by the settings. The coordinator has the last word: it also looks at machine and quota. */
import { agentFamily } from '../../core/agent-name.ts';
import { reject, type Rejection } from '../../core/rejection.ts';
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

/** The refusal of more agents than a team may have; `null` where `more` of them fit in. @param teamMax `null`: any number. */
export async function refuseCrowd(
  { store }: Context,
  { teamMax, more }: { teamMax: number | null; more: number },
): Promise<Rejection | null> {
  if (teamMax === null) return null;
  const live = (await store.attempts({ live: true })).filter(({ byHand }) => !byHand).length;
  if (live + more <= teamMax) return null;
  const message = `${live} agents are at work and ${more} would join them; a manager coordinates ${teamMax} at most`;
  return reject('no-slot', message, 'wait until one ends, or terminate one');
}
