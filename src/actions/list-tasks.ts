/** Lists tasks: all, the ready, the blocked, those that one agent may take. Reads only. */
import { nameFault } from '../core/id.ts';
import { taskStatuses, type TaskStatus } from '../core/status.ts';
import { UsageError } from '../platform/error.ts';
import { nearest } from '../platform/text.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { syncPlans } from './sync-plan.ts';
import { viewTasks, type TaskView } from './task-view.ts';

export interface ListOrder {
  plan: string | null;
  status?: readonly TaskStatus[];
  /** Only what this agent may take. */
  agent: string | null;
  /** Only what was made of this task, by its bare id. */
  parent?: string;
  limit?: number;
}

/** In the order of the file. Throws `UsageError` `unknown-plan`, `bad-id`. */
export async function listTasks(context: Context, order: ListOrder): Promise<TaskView[]> {
  requireName(order.agent);
  await sync(context, order.plan);
  const { plan, status, agent, parent, limit } = order;
  const query = {
    ...(plan === null ? {} : { plan }),
    ...(status === undefined ? {} : { status }),
    ...(agent === null ? {} : { mayTake: agent }),
    ...(limit === undefined ? {} : { limit }),
  };
  const records = await context.store.tasks(query, context.clock.now());
  return viewTasks(context, parent === undefined ? records : records.filter(({ task }) => task.parent === parent));
}

/** What could be claimed now, best first. Throws `UsageError` `unknown-plan`, `bad-id`. */
export async function listReady(
  context: Context,
  { plan, agent, limit }: ListOrder & { limit: number },
): Promise<TaskView[]> {
  requireName(agent);
  await sync(context, plan);
  const query = { ...(plan === null ? {} : { plan }), ...(agent === null ? {} : { mayTake: agent }), limit };
  return viewTasks(context, await context.store.ready(query, context.clock.now()));
}

/** Reads `running,done` into statuses. Throws `UsageError` `bad-flag`. */
export function readStatuses(text: string): TaskStatus[] {
  return text.split(',').map((word) => {
    const name = word.trim();
    const status = taskStatuses.find((each) => each === name);
    if (status !== undefined) return status;
    const near = nearest(name, taskStatuses);
    throw new UsageError(
      'bad-flag',
      `there is no status ${JSON.stringify(name)}`,
      near === null ? `known: ${taskStatuses.join(', ')}` : `did you mean ${near}?`,
    );
  });
}

/** Whoever is no configured agent may still take tasks by hand; only a name it must be. */
function requireName(agent: string | null): void {
  const fault = agent === null ? null : nameFault(agent);
  if (fault === null) return;
  throw new UsageError(
    'bad-id',
    `${JSON.stringify(agent)} cannot be an agent: ${fault}`,
    'an agent is a name such as claude',
  );
}

async function sync(context: Context, plan: string | null): Promise<void> {
  if (plan === null) await syncPlans(context);
  else await requirePlan(context, plan);
}
