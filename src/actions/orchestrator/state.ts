/**
 * How the orchestrator of a project is (E1): derived from who leads, from requests in the log and from paused plans. Reads only.
 *
 * Owns that derivation; every surface shows this one, with the time it was looked at.
 */
import { isOnRequest } from '../../core/leader-name.ts';
import { limits } from '../../core/limits.ts';
import type { Event } from '../../core/event.ts';
import type { Context } from '../context.ts';
import { leaderNow } from '../leader-now.ts';

/**
 * `running`: a coordinator leads. `paused`: one leads, and no plan is given out. `shutting-down`: the one that leads was asked to end.
 * `stopped`: none leads, and the last one ended because it was asked to. `no-coordinator`: none leads for any other reason.
 */
export type OrchestratorState = 'running' | 'paused' | 'shutting-down' | 'stopped' | 'no-coordinator';

export interface StateView {
  state: OrchestratorState;
  /** Name of the coordinator that leads, `null` if none does. */
  leader: string | null;
  /** `all`: whatever is ready. `on-request`: only what it is asked for. `null`: nobody leads. */
  givesOut: 'all' | 'on-request' | null;
  /** Plans whose work rests. */
  paused: readonly string[];
  observedAt: string;
}

export async function orchestratorState(context: Context): Promise<StateView> {
  const { store, clock } = context;
  const leader = await leaderNow(context);
  const plans = await store.plans();
  const paused = plans.filter((plan) => plan.paused).map(({ id }) => id);
  const last = lastOrder(await recentEvents(context));
  const state =
    leader === null ? stateWithout(last) : stateWith(last, plans.length > 0 && paused.length === plans.length);
  const givesOut = leader === null ? null : isOnRequest(leader.holder) ? 'on-request' : 'all';
  return { state, leader: leader?.holder ?? null, givesOut, paused, observedAt: new Date(clock.now()).toISOString() };
}

type Order = 'coordinator-started' | 'shutdown-asked' | 'coordinator-stopped' | null;

function stateWith(last: Order, allPaused: boolean): OrchestratorState {
  if (last === 'shutdown-asked') return 'shutting-down';
  return allPaused ? 'paused' : 'running';
}

function stateWithout(last: Order): OrchestratorState {
  return last === 'coordinator-stopped' || last === 'shutdown-asked' ? 'stopped' : 'no-coordinator';
}

function lastOrder(events: readonly Event[]): Order {
  for (const { body } of events.toReversed())
    if (body.type === 'coordinator-started' || body.type === 'shutdown-asked' || body.type === 'coordinator-stopped')
      return body.type;
  return null;
}

/** The end of the log, as far as requests reach back. */
async function recentEvents({ store }: Context): Promise<Event[]> {
  return store.events({ since: Math.max(0, (await store.lastSeq()) - limits.stateEventsMax) });
}
