/** What goes on in a project at this moment: plans by layer, who does what, the queue, the inbox. Reads only, and each task once. */
import { inboxOrder } from '../core/inbox-order.ts';
import type { Plan } from '../core/plan.ts';
import { deriveStatus, hasEnded, taskStatuses, type TaskStatus } from '../core/status.ts';
import type { InboxKind } from '../core/task.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { countRecords, type Counts } from './count-tasks.ts';
import { requirePlan } from './find-task.ts';
import { listAgents, type AgentView } from './list-agents.ts';
import { heldReason } from './list-held.ts';
import { queueOf, type QueueEntry, type TrainView } from './list-queue.ts';
import { syncPlans } from './sync-plan.ts';
import { viewTasks, type TaskView } from './task-view.ts';
import { wishesOf } from './widen-scope.ts';

export interface Surroundings {
  at: string;
  plan: string | null;
  counts: Counts;
  /** Whether a coordinator leads; nothing is given out or lands without one. */
  led: boolean;
  plans: readonly PlanBoard[];
  /** Each with the title of its task. */
  agents: readonly (AgentView & { title: string })[];
  /** What has not landed yet. */
  queue: readonly QueueEntry[];
  trains: readonly TrainView[];
  needsYou: readonly TaskView[];
  /**
   * Tasks that need a person, the most urgent first, then wishes for scope and held landings. `listInbox` has all kinds and ranks them
   * together, but asks git, which a picture that is drawn twice a second must not.
   */
  inbox: readonly InboxRow[];
}

export interface PlanBoard {
  plan: string;
  title: string;
  paused: boolean;
  landingPaused: boolean;
  layers: readonly LayerBoard[];
}

export interface LayerBoard {
  /** `null`: tasks in no layer. */
  layer: number | null;
  title: string;
  /** Proven, whether landed or not. */
  completed: number;
  /** Without cancelled ones. */
  total: number;
  byStatus: Record<TaskStatus, number>;
  /** What has not ended, in the order of the plan. */
  open: readonly TaskView[];
}

export interface InboxRow {
  /** `null`: of no single task. */
  key: string | null;
  plan: string;
  kind: InboxKind | 'wish' | 'held-landing';
  title: string;
  reason: string;
  since: string;
  /** Open tasks that wait behind it. */
  behind: number;
}

/** @param plan only this one; `null` = all. Throws `UsageError` `unknown-plan`. */
export async function lookAround(context: Context, plan: string | null): Promise<Surroundings> {
  await (plan === null ? syncPlans(context) : requirePlan(context, plan));
  const { store, clock } = context;
  const now = clock.now();
  const records = await store.tasks(plan === null ? {} : { plan }, now);
  const plans = (await store.plans()).filter(({ id }) => plan === null || id === plan);
  const { led, queue, trains } = await queueOf(context, plan, records);
  const open = await viewTasks(
    context,
    records.filter(({ task }) => !hasEnded(task)),
    records,
  );
  return {
    at: new Date(now).toISOString(),
    plan,
    counts: countRecords(records, plans, now),
    led,
    plans: plans.map((one) => planBoard(one, { records, open, now })),
    agents: await agentsOf(context, plan, records),
    queue: queue.filter(({ state }) => state !== 'landed' && state !== 'put-back'),
    trains,
    needsYou: open.filter(({ status }) => status === 'needs-you'),
    inbox: inboxRows(records, now),
  };
}

async function agentsOf(
  context: Context,
  plan: string | null,
  records: readonly TaskRecord[],
): Promise<Surroundings['agents']> {
  const titles = new Map(records.map(({ task }) => [task.key as string, task.title]));
  const live = (await listAgents(context)).filter((agent) => plan === null || agent.plan === plan);
  return live.map((agent) => ({ ...agent, title: titles.get(`${agent.plan}/${agent.task}`) ?? '' }));
}

function planBoard(
  { id, title, paused, landingPaused, layerList }: Plan,
  { records, open, now }: { records: readonly TaskRecord[]; open: readonly TaskView[]; now: number },
): PlanBoard {
  const own = records.filter(({ task }) => task.plan === id);
  const titles = new Map<number | null, string>(layerList.map((layer) => [layer.number, layer.title]));
  const numbers = new Set([...layerList.map(({ number }) => number), ...own.map(({ task }) => task.layer)]);
  const ordered = [...numbers].toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const layers = ordered.map((layer): LayerBoard => {
    const byStatus = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as LayerBoard['byStatus'];
    const inLayer = own.filter(({ task }) => task.layer === layer);
    for (const { task, unmet } of inLayer) byStatus[deriveStatus(task, unmet, now)] += 1;
    return {
      layer,
      title: titles.get(layer) ?? '',
      completed: byStatus.done + byStatus.landing + byStatus.landed,
      total: inLayer.length - byStatus.cancelled,
      byStatus,
      open: open.filter((task) => task.plan === id && task.layer === layer),
    };
  });
  return { plan: id, title, paused, landingPaused: landingPaused !== undefined, layers };
}

function inboxRows(records: readonly TaskRecord[], now: number): InboxRow[] {
  const tasks = records.map(({ task }) => task);
  const ranked = inboxOrder(tasks, now).map(({ task, behind }): InboxRow => ({
    key: task.key,
    plan: task.plan,
    kind: task.inbox?.kind ?? 'question',
    title: task.title,
    reason: task.inbox?.reason ?? '',
    since: new Date(task.inbox?.at ?? now).toISOString(),
    behind,
  }));
  const wishes = wishesOf(tasks).flatMap(({ key, plan, agent, entries, why, since, holder }): InboxRow[] =>
    holder !== null
      ? []
      : [
          {
            key,
            plan,
            kind: 'wish',
            title: `${agent} wishes for ${entries.join(', ')}`,
            reason: why,
            since,
            behind: 0,
          },
        ],
  );
  const held = tasks.flatMap((task): InboxRow[] => {
    const why = heldReason(task);
    return why === null || hasEnded(task)
      ? []
      : [
          {
            key: task.key,
            plan: task.plan,
            kind: 'held-landing',
            title: task.title,
            reason: why.why,
            since: why.since,
            behind: 0,
          },
        ];
  });
  return [...ranked, ...wishes, ...held];
}
