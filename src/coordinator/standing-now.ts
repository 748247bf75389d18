/** How the plans of a run stand, and what the run has done so far: what it ends by and what its summary tells. */
import type { TaskKey } from '../core/id.ts';
import { standing, type Standing } from '../core/outcome.ts';
import { barredOf, checkedAgents } from './checked-agents.ts';
import { plansThatLand } from './plans.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { foreignTasks, stackRule } from './stack-rule.ts';
import type { CoordinatorState } from './state.ts';

export interface StandingOrder {
  ports: CoordinatorPorts;
  settings: CoordinatorSettings;
  state: CoordinatorState;
  /** Why nothing more is given out, or `null`. */
  stopped: string | null;
  /** Why landings cannot go on for now, by task. */
  held: ReadonlyMap<TaskKey, string>;
}

export async function standingNow({ ports, settings, state, stopped, held }: StandingOrder): Promise<Standing> {
  const now = ports.clock.now();
  const records = (await Promise.all(settings.plans.map((plan) => ports.store.tasks({ plan }, now)))).flat();
  const paused = (await Promise.all(settings.plans.map((plan) => ports.store.plan(plan)))).some(
    (plan) => plan?.paused === true,
  );
  const stack = await stackRule(ports, settings, state);
  return standing(records, {
    only: settings.task ?? null,
    ...(settings.onRequest === true ? { asked: state.requests.asked } : {}),
    agents: (await checkedAgents(ports, settings.agents)).map((agent) => agent.name),
    barred: await barredOf(ports, settings.agents),
    paused,
    stopped,
    lands: true,
    unlanded: new Set((await plansThatLand(ports, settings, 'off')).map(({ id }) => id)),
    byPullRequest: new Set((await plansThatLand(ports, settings, 'pull-requests')).map(({ id }) => id)),
    held,
    stack: stack === null ? null : { ...stack, others: await foreignTasks(ports, records) },
    now,
  });
}

/** Attempts that began since, their time added up, and how long that took. */
export async function workDone(
  { ports, settings }: Pick<StandingOrder, 'ports' | 'settings'>,
  startedAt: number,
): Promise<{ attempts: number; elapsedMs: number; serialMs: number }> {
  const attempts = (await Promise.all(settings.plans.map((plan) => ports.store.attempts({ plan })))).flat();
  const ofThisRun = attempts.filter((attempt) => attempt.startedAt >= startedAt && !attempt.byHand);
  const now = ports.clock.now();
  const serialMs = ofThisRun.reduce((sum, attempt) => sum + (attempt.endedAt ?? now) - attempt.startedAt, 0);
  return { attempts: ofThisRun.length, elapsedMs: now - startedAt, serialMs };
}
