/** The work queue (E3): what is pending, in progress and completed. Reads only. */
import { deriveStatus, type TaskStatus } from '../../core/status.ts';
import type { TaskRecord } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { requirePlan } from '../find-task.ts';
import { syncPlans } from '../sync-plan.ts';
import { viewTasks, type TaskView } from '../task-view.ts';

/** `pending` waits for something or for its turn, `in-progress` is worked on, `completed` is proven, landed or given up. */
export type QueuePart = 'pending' | 'in-progress' | 'completed';

export const queueParts: readonly QueuePart[] = ['pending', 'in-progress', 'completed'];

const partOf: Readonly<Record<TaskStatus, QueuePart>> = {
  ready: 'pending',
  blocked: 'pending',
  waiting: 'pending',
  'needs-you': 'pending',
  running: 'in-progress',
  done: 'completed',
  landing: 'completed',
  landed: 'completed',
  cancelled: 'completed',
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
  await (plan === null ? syncPlans(context) : requirePlan(context, plan));
  const from = Math.max(0, Number(cursor ?? 0) || 0);
  const now = context.clock.now();
  const parts: Record<QueuePart, TaskRecord[]> = { pending: [], 'in-progress': [], completed: [] };
  for (const record of await context.store.tasks(plan === null ? {} : { plan }, now))
    parts[partOf[deriveStatus(record.task, record.unmet, now)]].push(record);
  parts.pending.sort((one, other) => isReady(other, now) - isReady(one, now) || other.score - one.score);
  // Only what is shown is worked out in full: there may be a hundred thousand.
  const show = async (name: QueuePart): Promise<TaskView[]> =>
    part === null || part === name ? viewTasks(context, parts[name].slice(from, from + limit)) : [];
  const hasMore = queueParts.some((name) => (part === null || part === name) && parts[name].length > from + limit);
  return {
    counts: {
      pending: parts.pending.length,
      'in-progress': parts['in-progress'].length,
      completed: parts.completed.length,
    },
    pending: await show('pending'),
    inProgress: await show('in-progress'),
    completed: await show('completed'),
    nextCursor: hasMore ? String(from + limit) : null,
    observedAt: new Date(now).toISOString(),
  };
}

/** What can be started comes before what waits. */
function isReady({ task, unmet }: TaskRecord, now: number): number {
  return Number(deriveStatus(task, unmet, now) === 'ready');
}
