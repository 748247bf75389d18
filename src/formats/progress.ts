/**
 * Progress: `.progress.json`, the state of a plan for people and programs that read files (A2).
 *
 * Owns the file's form. It is a projection: Orbit writes it and reads it only once, to adopt a file of another tool
 * (`read-progress.ts`). The same state gives the same bytes, so that a change in the file is a change of the plan.
 */
import type { Plan } from '../core/plan.ts';
import { progressTasks, type CountedTask, type ProgressTask } from './progress-task.ts';

/** What the file needs to know of a plan. */
export type ProgressPlan = Pick<Plan, 'layerList' | 'layers'>;

export interface Progress<P, T> {
  plan: P;
  /** In the order of the plan's file. */
  tasks: readonly T[];
  /** Milliseconds since 1970. */
  now: number;
}

/** The file's text for tasks as the store has them. */
export function writeProgress({
  plan,
  tasks,
  now,
}: Progress<ProgressPlan & Pick<Plan, 'unblock'>, CountedTask>): string {
  return progressJson({ plan, tasks: progressTasks(tasks, plan.unblock, now), now });
}

/** The file's text: a line for each layer and task, so that a diff reads well. */
export function progressJson({ plan, tasks, now }: Progress<ProgressPlan, ProgressTask>): string {
  const layers = layerFacts(plan, tasks).map((layer) => [String(layer.number), layerFields(layer)] as const);
  const entries = tasks.map((task) => [task.id, taskFields(task)] as const);
  return `{\n  "last_updated": ${JSON.stringify(isoTime(now))},\n  "layers": ${block(layers)},\n  "tasks": ${block(entries)}\n}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function block(entries: readonly (readonly [name: string, fields: Fields])[]): string {
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([name, fields]) => `    ${JSON.stringify(name)}: ${onOneLine(fields)}`).join(',\n')}\n  }`;
}

/** Fields without a value are left out. */
function onOneLine(fields: Fields): string {
  const known = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return `{ ${known.map(([name, value]) => `${JSON.stringify(name)}: ${valueText(value)}`).join(', ')} }`;
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]` : JSON.stringify(value);
}

function taskFields(task: ProgressTask): Fields {
  const isOpen = task.status === 'available' || task.status === 'blocked';
  const agent = isOpen ? null : task.agent;
  return {
    status: task.status,
    agent,
    worktree: isOpen ? null : task.worktree,
    pr: task.pr === null ? null : `#${task.pr}`,
    pr_status: task.prStatus,
    dependencies: isOpen || task.dependencies.length > 0 ? task.dependencies : null,
    assigned_to: task.assignedTo === agent ? null : task.assignedTo,
    started_at: isOpen || task.startedAt === null ? null : isoTime(task.startedAt),
    completed_at: task.completedAt === null ? null : isoTime(task.completedAt),
  };
}

interface LayerFacts {
  number: number;
  status: ProgressTask['status'];
  completed: number;
  total: number;
  waitingFor: number | null;
  /** Later layers that wait for work that is under way or could be begun here. */
  blocking: number[];
}

function layerFields(layer: LayerFacts): Fields {
  return {
    status: layer.status,
    waiting_for: layer.waitingFor === null ? null : `layer_${layer.waitingFor}`,
    completed: layer.completed,
    total: layer.total,
    ...Object.fromEntries(layer.blocking.map((number) => [`blocking_layer_${number}`, true])),
  };
}

function layerFacts(plan: ProgressPlan, tasks: readonly ProgressTask[]): LayerFacts[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const byLayer = Map.groupBy(tasks, (task) => task.layer);
  const numbers = new Set([
    ...plan.layerList.map(({ number }) => number),
    ...[...byLayer.keys()].filter((n) => n !== null),
  ]);
  const layers: LayerFacts[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const inside = byLayer.get(number) ?? [];
    const completed = inside.filter((task) => task.status === 'completed').length;
    const status = layerStatus(inside, completed);
    const awaited = inside.flatMap((task) => task.waitingFor.flatMap((id) => byId.get(id) ?? []));
    const others = awaited.flatMap(({ layer }) => (layer === null || layer === number ? [] : [layer]));
    const barrier = plan.layers === 'hard' ? layers.find((layer) => layer.status !== 'completed') : undefined;
    const first = barrier?.number ?? smallest(others);
    const waitingFor = status === 'blocked' ? first : null;
    layers.push({ number, status, completed, total: inside.length, waitingFor, blocking: [] });
    const startable = awaited.filter((task) => task.status !== 'blocked').map((task) => task.layer);
    for (const earlier of layers) {
      if (earlier.number >= number) continue;
      const holdsBack = barrier === earlier && status === 'blocked' && earlier.status !== 'blocked';
      if (holdsBack || startable.includes(earlier.number)) earlier.blocking.push(number);
    }
  }
  return layers;
}

function layerStatus(tasks: readonly ProgressTask[], completed: number): ProgressTask['status'] {
  if (completed === tasks.length) return 'completed';
  if (tasks.some((task) => task.status === 'in_progress')) return 'in_progress';
  if (!tasks.some((task) => task.status === 'available')) return 'blocked';
  return completed > 0 ? 'in_progress' : 'available';
}

function smallest(numbers: readonly number[]): number | null {
  return numbers.reduce<number | null>((least, number) => (least === null || number < least ? number : least), null);
}

/** UTC with whole seconds: `2026-01-05T14:32:15Z`. */
function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -5)}Z`;
}
