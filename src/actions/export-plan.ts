/** Writes a plan as text of some format. Reads only. */
import type { PlanDraft } from '../core/plan.ts';
import { meetsDependency } from '../core/status.ts';
import { UsageError } from '../platform/error.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { shortId } from './task-view.ts';

export const exportFormats = ['layered-tasks', 'progress', 'json'] as const;

export interface Exported {
  plan: string;
  format: (typeof exportFormats)[number];
  text: string;
}

export async function exportPlan(
  context: Context,
  order: { format: Exported['format']; plan: string | null },
): Promise<Exported> {
  const id = order.plan ?? context.caller.plan ?? (await onlyPlan(context));
  await requirePlan(context, id);
  const plan = await context.store.plan(id);
  if (plan === null) throw new UsageError('unknown-plan', `there is no plan ${id}`, 'orbit plan lists all');
  const tasks = await context.store.tasks({ plan: id }, context.clock.now());
  const { format } = order;
  if (format === 'json')
    return { plan: id, format, text: `${JSON.stringify({ plan, tasks: tasks.map(({ task }) => task) }, null, 2)}\n` };
  if (format === 'progress') {
    const { writeProgress } = await import('../formats/progress.ts');
    return { plan: id, format, text: writeProgress({ plan, tasks, now: context.clock.now() }) };
  }
  const { writeLayeredTasks } = await import('../formats/write-layered-tasks.ts');
  const { title, unblock, layers, layerList, checks, landing, finish } = plan;
  const how = { ...(landing === undefined ? {} : { landing }), ...(finish === undefined ? {} : { finish }) };
  return {
    plan: id,
    format,
    text: writeLayeredTasks({ title, unblock, layers, layerList, checks, ...how, tasks: tasks.map(draftOf) }),
  };
}

function draftOf({ task }: TaskRecord): PlanDraft['tasks'][number] {
  const { id, title, body, kind, parent, layer, agent, priority, scope, checks, estimateMs, dependencies } = task;
  const short = dependencies.map((key) => shortId(key, task.plan));
  return {
    id,
    title,
    body,
    kind,
    parent,
    layer,
    agent,
    priority,
    scope,
    checks,
    estimateMs,
    dependencies: short,
    ticked: meetsDependency(task, 'done'),
    line: 0,
  };
}

async function onlyPlan(context: Context): Promise<string> {
  const [plan, ...others] = await context.store.plans();
  if (plan !== undefined && others.length === 0) return plan.id;
  throw new UsageError(
    'missing-argument',
    plan === undefined ? 'there is no plan yet' : 'there are several plans',
    'name one',
  );
}
