/**
 * How far a plan is, layer by layer, and who is finishing what (A7, A9). Reads only.
 *
 * Owns the grouping; what blocks a layer is told from dependencies between tasks, not from the layers' numbers, unless the
 * plan says `layers: hard`.
 */
import type { TaskStatus } from '../core/status.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { viewTasks, type TaskView } from './task-view.ts';

export interface LayerView {
  layer: number | null;
  title: string;
  status: 'completed' | 'in_progress' | 'available' | 'blocked';
  completed: number;
  total: number;
  /** Tasks of other layers that its blocked tasks wait for. */
  waitingFor: readonly string[];
  running: readonly { task: string; title: string; agent: string | null; sinceMs: number }[];
  ready: readonly string[];
  blocked: readonly { task: string; waitingFor: readonly string[] }[];
  /** Tasks that need a person. */
  needsYou: readonly { task: string; reason: string | null }[];
}

export interface PlanStatus {
  plan: string;
  title: string;
  paused: boolean;
  target: string;
  completed: number;
  total: number;
  layers: readonly LayerView[];
}

/** Work that counts as complete (A4): proven on its branch, whatever became of its pull request. */
export const completeStatuses: readonly TaskStatus[] = ['done', 'landing', 'landed'];

export async function layerStatus(context: Context, planId: string): Promise<PlanStatus> {
  await requirePlan(context, planId);
  const plan = await context.store.plan(planId);
  const records = await context.store.tasks({ plan: planId }, context.clock.now());
  const views = await viewTasks(context, records);
  const since = new Map(records.map(({ task }) => [task.id, task.claim?.since ?? null]));
  const counted = views.filter(({ status }) => status !== 'cancelled');
  const titles = new Map((plan?.layerList ?? []).map(({ number, title }) => [number, title]));
  const numbers = [...new Set([...titles.keys(), ...counted.flatMap(({ layer }) => layer ?? [])])].sort((a, b) => a - b);
  const hasLoose = counted.some(({ layer }) => layer === null);
  const layers = [...numbers, ...(hasLoose ? [null] : [])].map((layer) =>
    viewLayer(counted.filter((view) => view.layer === layer), { layer, title: layer === null ? '' : (titles.get(layer) ?? ''), since, now: context.clock.now() }),
  );
  return {
    plan: planId,
    title: plan?.title ?? planId,
    paused: plan?.paused ?? false,
    target: plan?.target ?? '',
    completed: counted.filter(({ status }) => completeStatuses.includes(status)).length,
    total: counted.length,
    layers,
  };
}

interface LayerFacts {
  layer: number | null;
  title: string;
  since: ReadonlyMap<string, number | null>;
  now: number;
}

function viewLayer(tasks: readonly TaskView[], { layer, title, since, now }: LayerFacts): LayerView {
  const inside = new Set(tasks.map(({ id }) => id));
  const with_ = (...statuses: TaskStatus[]): TaskView[] => tasks.filter(({ status }) => statuses.includes(status));
  const completed = with_(...completeStatuses).length;
  const running = with_('running');
  const ready = with_('ready');
  const blocked = with_('blocked');
  return {
    layer,
    title,
    status: layerState({ completed, total: tasks.length, running: running.length, ready: ready.length }),
    completed,
    total: tasks.length,
    waitingFor: [...new Set(blocked.flatMap(({ waitingFor }) => waitingFor.filter((id) => !inside.has(id))))],
    running: running.map(({ id, title: name, holder }) => ({ task: id, title: name, agent: holder, sinceMs: now - (since.get(id) ?? now) })),
    ready: ready.map(({ id }) => id),
    blocked: blocked.map(({ id, waitingFor }) => ({ task: id, waitingFor })),
    needsYou: with_('needs-you').map(({ id, reason }) => ({ task: id, reason })),
  };
}

function layerState(count: { completed: number; total: number; running: number; ready: number }): LayerView['status'] {
  if (count.completed === count.total) return 'completed';
  if (count.running > 0 || count.completed > 0) return 'in_progress';
  return count.ready > 0 ? 'available' : 'blocked';
}
