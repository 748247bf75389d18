/** Matters of the inbox that no task asks about itself: finished plans, conflicts ahead, agents, accounts, messages. Reads only. */
import { agentFamily } from '../core/agent-name.ts';
import { keyParts, type TaskKey } from '../core/id.ts';
import { inboxRisk } from '../core/inbox-rank.ts';
import { accountOf } from '../core/quota.ts';
import { hasEnded } from '../core/status.ts';
import { agentEntry } from '../platform/known-agents.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { agentsWithoutLogin } from './explain-inbox.ts';
import { aboutNobody, type Matter } from './inbox-shape.ts';
import { listFinishedPlans } from './list-approvals.ts';
import { presentConflicts } from './present-conflicts.ts';
import { parkedAccounts } from './resume-account.ts';

/** Plans that are finished and wait to be taken over. */
export async function planMatters(context: Context, own: readonly TaskRecord[]): Promise<Matter[]> {
  const finished = [...Map.groupBy(own, ({ task }) => task.plan)].filter(([, records]) =>
    records.every(({ task }) => hasEnded(task)),
  );
  // Git is asked only where there is something to ask about.
  if (finished.length === 0) return [];
  const records = new Map(finished);
  const only = finished.length === 1 ? (finished[0]?.[0] ?? null) : null;
  return (await listFinishedPlans(context, only)).flatMap((waiting) => {
    const { plan, title, target, into, tree, landed, cancelled, foreign } = waiting;
    const ends = records
      .get(plan)
      ?.map(({ task }) => task.landing?.landedAt ?? task.closed?.at ?? task.doneAt ?? task.createdAt);
    if (ends === undefined) return [];
    const left = cancelled === 0 ? '' : `, ${cancelled} cancelled`;
    const strange = foreign === null ? '' : `; ${foreign.slice(0, 12)} on it is not from Orbit: nobody has checked it`;
    return [
      {
        ...aboutNobody,
        id: `plan:${plan}`,
        kind: 'plan' as const,
        title,
        reason: `finished on ${target} (${landed} landed${left}), not in ${into} yet${strange}`,
        plan,
        since: ends.reduce((last, at) => Math.max(last, at), 0),
        helps: [`orbit approve ${plan} --tree ${tree.slice(0, 12)}: takes it into ${into}`],
        risk: inboxRisk('plan'),
      },
    ];
  });
}

/** Information: the agents at work know. One that was put before a person already is not told again. */
export async function conflictMatters(
  context: Context,
  { plan, asked }: { plan: string | null; asked: readonly Matter[] },
): Promise<Matter[]> {
  const before = new Set(asked.filter(({ kind }) => kind === 'conflict').map(({ key }) => key));
  return (await presentConflicts(context, { plan })).flatMap((pair) => {
    const { task, with: other, title, withTitle, paths, since } = pair;
    if (before.has(task) || (other !== null && before.has(other))) return [];
    return [
      {
        ...aboutNobody,
        id: `ahead:${task}:${other ?? 'target'}`,
        kind: 'conflict' as const,
        title,
        reason: `will not merge with ${other === null ? 'its target' : `${other} (${withTitle ?? ''})`}: ${paths.join(', ')}`,
        plan: keyParts(task).plan,
        key: task,
        since: Date.parse(since),
        helps: [`orbit why ${task}`],
        risk: inboxRisk('conflict'),
      },
    ];
  });
}

/** Agents that nobody has logged in, and accounts that rest. */
export async function agentMatters(context: Context, records: readonly TaskRecord[]): Promise<Matter[]> {
  const settings = await context.settings();
  const wanting = (names: ReadonlySet<string>): TaskKey[] =>
    records.flatMap(({ task }) =>
      task.agent !== null && names.has(agentFamily(task.agent)) && task.evidence === null && !hasEnded(task)
        ? [task.key]
        : [],
    );
  const logins = (await agentsWithoutLogin(context)).map(({ agent, why, since }) => ({
    ...aboutNobody,
    id: `login:${agent}`,
    kind: 'login' as const,
    title: `${agent} has to be logged in`,
    reason: why,
    agent,
    since: Date.parse(since),
    helps: [`orbit agents check ${agent}: once somebody has logged it in`],
    keeps: wanting(new Set([agent])),
    risk: inboxRisk('login'),
  }));
  const parked = (await parkedAccounts(context)).map(({ account, since, until, reason }) => {
    const users = Object.keys(settings.agents).filter(
      (name) => accountOf(name, agentEntry(settings, name) ?? undefined) === account,
    );
    const opens = until === null ? '' : `; opens by itself at ${new Date(until).toISOString()}`;
    return {
      ...aboutNobody,
      id: `quota:${account}:${since}`,
      kind: 'quota' as const,
      title: `account ${account} rests`,
      reason: `${reason}${opens}`,
      since,
      actions: ['resume' as const],
      keeps: wanting(new Set(users)),
      risk: inboxRisk('quota'),
    };
  });
  return [...logins, ...parked];
}

/** What somebody wrote to the person at the keyboard, and nobody has acknowledged. */
export async function messageMatters({ store }: Context, plan: string | null): Promise<Matter[]> {
  const messages = await store.messages({ to: 'person' });
  return messages
    .filter(({ task }) => plan === null || (task !== null && keyParts(task).plan === plan))
    .map(({ id, from, task, text, at }) => ({
      ...aboutNobody,
      id: `message:${id}`,
      kind: 'message',
      title: `from ${from}`,
      reason: text,
      plan: task === null ? null : keyParts(task).plan,
      key: task,
      agent: from,
      since: at,
      actions: ['ack'],
      risk: inboxRisk('message'),
    }));
}
