/** The work queue (E3): what is pending, in progress and completed. Reads only. */
import type { TaskStatus } from '../../core/status.ts';
import type { Context } from '../context.ts';
import { listTasks } from '../list-tasks.ts';
import type { TaskView } from '../task-view.ts';
import { deriveStatus, taskStatuses } from '../../core/status.ts';

/** `pending` waits for something or for its turn, `in-progress` is worked on, `completed` is proven, landed or given up. */
export type QueuePart = 'pending' | 'in-progress' | 'completed';

export const queueParts: readonly QueuePart[] = ['pending', 'in-progress', 'completed'];

const statusesOf: Readonly<Record<QueuePart, readonly TaskStatus[]>> = {
  pending: ['ready', 'blocked', 'waiting', 'needs-you'],
  'in-progress': ['running'],
  completed: ['done', 'landing', 'landed', 'cancelled'],
};

export interface WorkQueue {
  /** How many there are in each part, whatever is shown. */
  counts: Readonly<Record<QueuePart, number>>;
  /** Best first. */
  pending: readonly TaskView[];
  inProgress: readonly TaskView[];
  /** In the order of their plans. */
  completed: readonly TaskView[];
  /** Give it as `cursor` for what follows; `null`: this was the last. */
  nextCursor: string | null;
  observedAt: string;
}

export interface WorkQueueOrder {
  plan: string | null;
  /** Only this part; `null`: all of them. */
  part: QueuePart | null;
  /** Of each part. */
  limit: number;
  /** Where the last answer ended; `null`: from the beginning. */
  cursor: string | null;
}

/** Throws `UsageError` `unknown-plan`. */
export async function getWorkQueue(
  context: Context,
  { plan, part, limit, cursor }: WorkQueueOrder,
): Promise<WorkQueue> {
  const from = Math.max(0, Number(cursor ?? 0) || 0);
  const parts: Record<QueuePart, TaskView[]> = { pending: [], 'in-progress': [], completed: [] };
  const counts = await countParts(context, plan);
  for (const name of queueParts) {
    if (part !== null && part !== name) continue;
    const tasks = await listTasks(context, { plan, agent: null, status: statusesOf[name] });
    if (name === 'pending') tasks.sort(byTurn);
    parts[name] = tasks.slice(from, from + limit);
  }
  const hasMore = queueParts.some((name) => (part === null || part === name) && counts[name] > from + limit);
  return {
    counts,
    pending: parts.pending,
    inProgress: parts['in-progress'],
    completed: parts.completed,
    nextCursor: hasMore ? String(from + limit) : null,
    observedAt: new Date(context.clock.now()).toISOString(),
  };
}

/** What is ready comes before what waits; best first. */
function byTurn(one: TaskView, other: TaskView): number {
  const isReady = ({ status }: TaskView): number => Number(status === 'ready');
  return isReady(other) - isReady(one) || other.score - one.score;
}

async function countParts({ store, clock }: Context, plan: string | null): Promise<Record<QueuePart, number>> {
  const now = clock.now();
  const counts: Record<QueuePart, number> = { pending: 0, 'in-progress': 0, completed: 0 };
  const partOf = new Map(
    taskStatuses.map((status) => [status, queueParts.find((one) => statusesOf[one].includes(status))]),
  );
  for (const { task, unmet } of await store.tasks(plan === null ? {} : { plan }, now)) {
    const part = partOf.get(deriveStatus(task, unmet, now));
    if (part !== undefined) counts[part] += 1;
  }
  return counts;
}
