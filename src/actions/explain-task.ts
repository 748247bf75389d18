/** Why a task stands where it stands (P9): gathers what `core/why.ts` judges. Reads only. */
import { agentFamily } from '../core/agent-name.ts';
import type { Attempt } from '../core/attempt.ts';
import type { ScoreParts } from '../core/order.ts';
import { postMortem, type PostMortem } from '../core/post-mortem.ts';
import { limits } from '../core/limits.ts';
import { accountOf, isParked, type Account } from '../core/quota.ts';
import { landsBy } from '../core/pull-request.ts';
import { ranking } from '../core/rank.ts';
import { deriveStatus, hasEnded, type TaskStatus } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import type { HeldScope, ParkedReason, WhyTask } from '../core/because.ts';
import { explain } from '../core/why.ts';
import { agentEntry } from '../platform/known-agents.ts';
import { agentStandings } from './agent-gate.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { leaderNow } from './leader-now.ts';
import { seenConflicts } from './present-conflicts.ts';
import { planOnOpenLine } from './plan-lines.ts';
import { stackWaitOf } from './stack-wait.ts';

export interface Explanation {
  task: string;
  status: TaskStatus;
  because: readonly {
    rule: string;
    message: string;
    since: string | null;
    holder: string | null;
    unblockedBy: string | null;
  }[];
  plan: string;
  title: string;
  /** What its place in the order is made of; `null` unless it is still open. */
  score: ScoreParts | null;
  /** Of a task that waits for a person: what each attempt came to, and what would help. */
  postMortem?: PostMortem;
}

export async function explainTask(
  context: Context,
  order: { task: string; plan: string | null },
): Promise<Explanation> {
  const { store, clock } = context;
  const record = await findTask(context, order.task, order.plan);
  const { task, unmet } = record;
  const now = clock.now();
  const dependencies: WhyTask[] = [];
  for (const key of task.dependencies) {
    const found = await store.task(key);
    if (found !== null) dependencies.push(found);
  }
  const live = await store.attempts({ live: true });
  const leader = await leaderNow(context);
  const leads = leader === null ? null : { holder: leader.holder, since: null };
  const { agents, shared, landing } = await context.settings();
  const score = await scoreOf(context, task, now);
  const parked = new Map((await store.accounts()).map((account) => [account.account, account]));
  const plan = await store.plan(task.plan);
  const { because } = explain({
    task,
    unmet,
    now,
    plan: plan === null ? null : await planOnOpenLine(store, plan, now),
    dependencies,
    attempt: live.find(({ token }) => token === task.claim?.token) ?? null,
    held: await heldScopes(context, live),
    shared,
    leader: leads,
    agents:
      leads === null
        ? null
        : Object.entries(agents).map(([name, entry]) => ({
            name,
            slots: entry.slots,
            busy: live.filter(({ agent }) => agentFamily(agent) === name).length,
            parked: parkedReason(parked.get(accountOf(name, entry)) ?? null, now),
          })),
    crowded: await crowdedAgents(context, live),
    checked: (await agentStandings(context)).map(({ agent, barred }) => ({ name: agent, barred })),
    stack: await stackWaitOf(context, task, now),
    landingMode: landsBy(plan, landing.mode),
    landingHeld: task.landing?.held?.why ?? null,
    conflicts: await seenConflicts(context, task),
    score,
  });
  const told = because.map(({ since, ...rest }) => ({
    ...rest,
    since: since === null ? null : new Date(since).toISOString(),
  }));
  return {
    task: task.id,
    status: deriveStatus(task, unmet, now),
    because: told,
    plan: task.plan,
    title: task.title,
    score,
    ...(task.inbox === null ? {} : { postMortem: postMortem(task, await store.attempts({ task: task.key })) }),
  };
}

/** Why each agent would have to wait for room on this machine, as the coordinator sees it. */
async function crowdedAgents({ settings, clock }: Context, live: readonly Attempt[]): Promise<Map<string, string>> {
  const [{ crowdedBecause, expectedMemoryMb }, { machineFacts }, { agents, maxParallelAgents }] = await Promise.all([
    import('../core/machine-room.ts'),
    import('../platform/machine.ts'),
    settings(),
  ]);
  const weightOf = (name: string): number => {
    const entry = agentEntry({ agents }, name);
    return entry === null ? 0 : expectedMemoryMb(entry);
  };
  const weights = live
    .filter(({ byHand }) => !byHand)
    .map(({ agent, startedAt }) => ({ memoryMb: weightOf(agentFamily(agent)), startedAt }))
    .filter(({ memoryMb }) => memoryMb > 0);
  const room = { machine: machineFacts(), live: weights, now: clock.now(), parallelMax: maxParallelAgents, limits };
  const found = new Map<string, string>();
  for (const name of Object.keys(agents)) {
    const because = crowdedBecause({ agent: { name, memoryMb: weightOf(name) }, ...room });
    if (because !== null) found.set(name, because);
  }
  return found;
}

function parkedReason(account: Account | null, now: number): ParkedReason | null {
  if (account === null || !isParked(account, now)) return null;
  const { account: name, since, until, reason } = account;
  return { account: name, since, until: until ?? now, reason };
}

async function heldScopes(context: Context, live: readonly Attempt[]): Promise<HeldScope[]> {
  const held: HeldScope[] = [];
  for (const { task: key, agent, token, startedAt } of live) {
    const scope = (await context.store.task(key))?.task.scope ?? [];
    if (scope.length > 0) held.push({ task: key, agent, token, scope, since: startedAt });
  }
  return held;
}

async function scoreOf(context: Context, task: Task, now: number): Promise<ScoreParts | null> {
  if (hasEnded(task) || task.evidence !== null) return null;
  const records = await context.store.tasks({ plan: task.plan }, now);
  const { shared } = await context.settings();
  return ranking(records, { now, shared }).scoreParts(task.key);
}
