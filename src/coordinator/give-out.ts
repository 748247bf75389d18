/**
 * Gives out work: one claim per free slot, and a runner for each.
 *
 * Owns the count of slots. The claim is the intent and comes first; if this process dies before the runner starts, the
 * next tick finds a claim without a runner and starts one.
 */
import { agentFamily } from '../core/agent-name.ts';
import type { Attempt } from '../core/attempt.ts';
import type { StackRule } from '../core/early-start.ts';
import { isParked } from '../core/quota.ts';
import { keyParts, type TaskKey } from '../core/id.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { deriveStatus } from '../core/status.ts';
import { checkedAgents } from './checked-agents.ts';
import { epochOf } from './lead.ts';
import { hasRoom } from './machine-room.ts';
import { stackRule } from './stack-rule.ts';
import type { CoordinatorState } from './state.ts';
import type { AgentSlots, CoordinatorPorts, CoordinatorSettings } from './ports.ts';

/** How many attempts were started. */
export async function giveOut(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  const live = (await ports.store.attempts({ live: true })).filter((attempt) => !attempt.byHand);
  const busy = new Set(live.map((attempt) => attempt.agent));
  let room = (settings.parallelMax ?? Number.POSITIVE_INFINITY) - live.length;
  let started = 0;
  state.crowded = null;
  // Round by round over the agents, so that the first of them does not take everything.
  const able = await withQuota(ports, await checkedAgents(ports, settings.agents));
  const stack = await stackRule(ports, settings, state);
  let free = able.map((agent) => ({ agent, workers: freeWorkers(agent, busy) }));
  while (room > 0 && free.length > 0) {
    const next: typeof free = [];
    for (const { agent, workers } of free) {
      const [worker, ...rest] = workers;
      // A Ctrl-C may come between two claims.
      if (room <= 0 || worker === undefined || state.draining) continue;
      if (!(await hasRoom(ports, settings, { state, agent, live }))) continue;
      const attempt = await startBest(ports, settings, { state, worker, agent, alone: able.length === 1, stack });
      if (attempt === null) continue;
      live.push(attempt);
      started += 1;
      room -= 1;
      next.push({ agent, workers: rest });
    }
    free = next;
  }
  return started;
}

/** Of a run on request: only tasks that somebody asked for, whose attempt has ended and that go on. */
export async function giveOutAsked(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  let started = 0;
  for (const task of state.requests.asked) {
    const record = await ports.store.task(task);
    if (record === null || deriveStatus(record.task, record.unmet, ports.clock.now()) !== 'ready') continue;
    started += await giveOut(ports, { ...settings, plans: [keyParts(task).plan], task }, state);
  }
  return started;
}

/** The agents whose account is not parked; one whose time has come is opened, so that the log tells it (P6). */
async function withQuota({ store, clock }: CoordinatorPorts, agents: readonly AgentSlots[]): Promise<AgentSlots[]> {
  const now = clock.now();
  const parked = new Set<string>();
  for (const seen of await store.accounts()) {
    const { account, until } = seen;
    if (isParked(seen, now)) parked.add(account);
    else if (until !== null)
      await store.unparkAccount({ account, why: 'its time has come', until }, 'coordinator', now);
  }
  return agents.filter(({ account }) => account === undefined || !parked.has(account));
}

/** Names of the agent's workers that have nothing to do. */
export function freeWorkers(agent: AgentSlots, busy: ReadonlySet<string>): string[] {
  return Array.from({ length: agent.slots }, (_, index) => `${agent.name}-${index + 1}`).filter(
    (name) => !busy.has(name),
  );
}

interface Start {
  state: CoordinatorState;
  worker: string;
  agent: AgentSlots;
  alone: boolean;
  stack: StackRule | null;
}

/** The best that any plan has for the worker, `null` where none has anything. */
async function startBest(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  start: Start,
): Promise<Attempt | null> {
  for (const plan of settings.plans) {
    const attempt = await startOne(ports, settings, { ...start, plan, task: settings.task ?? null });
    if (!isRejection(attempt)) return attempt;
  }
  return null;
}

/**
 * Claims for the worker and starts the attempt's runner; answers why not.
 * @param order `task`: only this one. `before`: done between the two, before the runner reads the task.
 */
export async function startOne(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  order: Start & { plan: string; task: TaskKey | null; before?: () => Promise<void> },
): Promise<Attempt | Rejection> {
  const { state, worker, agent, alone, stack, plan, task, before } = order;
  const claimed = await ports.store.claim(
    {
      agent: worker,
      plan,
      task,
      byHand: false,
      leaseMs: settings.limits.heartbeatTimeoutMs,
      shared: settings.shared,
      base: null,
      workspace: null,
      branch: null,
      alone,
      ...(stack === null ? {} : { stack }),
      ...(agent.profile === undefined ? {} : { profile: agent.profile }),
      ...(agent.account === undefined ? {} : { account: agent.account }),
      epoch: epochOf(state),
    },
    agentFamily(worker) === worker ? worker : 'coordinator',
    ports.clock.now(),
  );
  if (isRejection(claimed)) return claimed;
  const attempt = await ports.store.attempt(claimed.token);
  if (attempt === null) return reject('not-running', `attempt ${claimed.token} is gone`, 'orbit doctor');
  await before?.();
  await ports.runners.start(attempt);
  state.started.set(claimed.token, ports.clock.monotonicMs());
  return attempt;
}
