/** The inbox: everything that only a person can settle, in the order in which it is worth their time. Reads only. */
import { countBehind } from '../core/graph.ts';
import { keyParts, type TaskKey } from '../core/id.ts';
import { inboxRank, inboxRisk } from '../core/inbox-rank.ts';
import { postMortem } from '../core/post-mortem.ts';
import { hasEnded } from '../core/status.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { gatherMatters } from './inbox-matter.ts';
import type { InboxAction, Matter } from './inbox-shape.ts';
import { listApprovals, type WaitingWork } from './list-approvals.ts';
import { syncPlans } from './sync-plan.ts';

export interface InboxEntry {
  id: string;
  kind: Matter['kind'];
  title: string;
  reason: string;
  plan: string | null;
  task: string | null;
  token: number | null;
  agent: string | null;
  since: string;
  blocks: number;
  rank: number;
  actions: readonly InboxAction[];
  helps: readonly string[];
  tries: readonly {
    token: number;
    agent: string;
    outcome: string | null;
    reason: string;
    rule: string | null;
    evidence: readonly string[];
  }[];
  /** Of an approval: what a person needs to see. */
  work: WaitingWork | null;
}

/** @param plan only this one; `null` = the whole project. Throws `UsageError` as `requirePlan` does. */
export async function listInbox(
  context: Context,
  plan: string | null,
): Promise<{ at: string; items: readonly InboxEntry[] }> {
  await (plan === null ? syncPlans(context) : requirePlan(context, plan));
  const now = context.clock.now();
  const records = await context.store.tasks({}, now);
  const matters = await gatherMatters(context, { records, plan });
  const works = matters.some(({ kind }) => kind === 'approval') ? await listApprovals(context, plan) : [];
  const workOf = new Map(works.map((work) => [work.key, work]));
  const tasks = new Map(records.map(({ task }) => [task.key, task]));
  const blocked = blockedBehind(records, matters);
  const items: InboxEntry[] = [];
  for (const [index, matter] of matters.entries()) {
    const work = matter.kind === 'approval' && matter.key !== null ? (workOf.get(matter.key) ?? null) : null;
    const blocks = blocked[index] ?? 0;
    const risk = work === null ? matter.risk : inboxRisk('approval', work.risks[0]?.weight ?? 0);
    const told = await storyOf(context, matter, tasks);
    const { id, kind, title, reason, token, agent, since, actions } = matter;
    items.push({
      id,
      kind,
      title,
      reason,
      plan: matter.plan,
      task: matter.key === null ? null : keyParts(matter.key).task,
      token,
      agent: agent ?? work?.agent ?? null,
      since: new Date(since).toISOString(),
      blocks,
      rank: inboxRank({ blocks, ageMs: now - since, risk }),
      // Nobody can say yes to work that is not there any more.
      actions: kind === 'approval' && work === null ? actions.filter((verb) => verb !== 'approve') : actions,
      ...told,
      work,
    });
  }
  return { at: new Date(now).toISOString(), items: items.toSorted(byRank) };
}

/** How many matters there are, without what it takes to show them. */
export async function countInbox(context: Context, records: readonly TaskRecord[]): Promise<number> {
  return (await gatherMatters(context, { records, plan: null })).length;
}

/** What each attempt came to, and what would help; of tasks that wait for an answer alone. */
async function storyOf(
  { store }: Context,
  { key, kind, helps }: Matter,
  tasks: ReadonlyMap<TaskKey, TaskRecord['task']>,
): Promise<Pick<InboxEntry, 'helps' | 'tries'>> {
  const task = key === null ? undefined : tasks.get(key);
  if (task === undefined || task.inbox === null || kind === 'message') return { helps, tries: [] };
  const { attempts, helps: more } = postMortem(task, await store.attempts({ task: task.key }));
  const tries = attempts.map(({ token, agent, outcome, reason, rule, evidence }) => ({
    token,
    agent,
    outcome,
    reason,
    rule,
    evidence,
  }));
  return { helps: [...helps, ...more], tries };
}

/** Tasks that cannot end before each matter is settled; all counted in one look at the graph. */
function blockedBehind(records: readonly TaskRecord[], matters: readonly Matter[]): number[] {
  const open = new Map(records.filter(({ task }) => !hasEnded(task)).map(({ task }) => [task.key, task.dependencies]));
  const behind = countBehind(
    open,
    matters.map(({ keeps }) => keeps),
  );
  // The task that a matter is about is the matter itself; any other that it keeps back waits for it.
  return matters.map(({ keeps, key }, index) => (behind[index] ?? 0) + keeps.filter((one) => one !== key).length);
}

function byRank(one: InboxEntry, other: InboxEntry): number {
  return other.rank - one.rank || compare(one.since, other.since) || compare(one.id, other.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
