/**
 * The supervisor's report on a plan (A9): per layer how far it is, who is finishing what, what waits for what, what is stuck.
 *
 * Owns what counts as complete (A4: proven on its branch, whatever became of its pull request) and as stuck. Statuses come
 * from `status.ts` alone; cancelled tasks are left out of every count.
 */
import type { Attempt } from './attempt.ts';
import type { TaskKey } from './id.ts';
import { limits } from './limits.ts';
import type { Plan } from './plan.ts';
import { deriveStatus, meetsDependency, type TaskStatus } from './status.ts';
import type { InboxKind, Task } from './task.ts';

export interface ReportInput {
  plan: Pick<Plan, 'id' | 'title' | 'unblock' | 'layers' | 'layerList' | 'paused'>;
  /** All tasks of the plan, and those of other plans that they depend on. */
  records: readonly { task: Task; unmet: number }[];
  /** The live attempts. */
  attempts: readonly Attempt[];
  now: number;
  /** Default: `limits.stuckMs`. */
  stuckMs?: number;
}

export interface RunningReport {
  task: TaskKey;
  title: string;
  agent: string;
  token: number;
  sinceMs: number;
  /** Since its last sign; `null` when no attempt of it is known. */
  silentMs: number | null;
  /** What it was doing then; may be empty. */
  doing: string;
}

export interface LayerReport {
  /** `null` = tasks in no layer. */
  layer: number | null;
  title: string;
  status: 'completed' | 'in_progress' | 'available' | 'blocked';
  done: number;
  total: number;
  finishing: readonly RunningReport[];
  ready: readonly TaskKey[];
  blocked: readonly { task: TaskKey; waitingFor: readonly TaskKey[] }[];
  /** Layers that its blocked tasks wait for, lowest first. */
  waitingForLayers: readonly number[];
  needsYou: readonly { task: TaskKey; kind: InboxKind; reason: string; sinceMs: number }[];
  /** Running ones without any sign for so long that somebody should look. */
  stuck: readonly RunningReport[];
}

export interface PlanReport {
  plan: string;
  title: string;
  paused: boolean;
  done: number;
  total: number;
  counts: Record<TaskStatus, number>;
  layers: readonly LayerReport[];
}

/** Work that counts as complete. */
const completeStatuses: readonly TaskStatus[] = ['done', 'landing', 'landed'];

export function reportPlan(input: ReportInput): PlanReport {
  const { plan, now } = input;
  const facts = input.records.map(({ task, unmet }): Fact => ({ task, status: deriveStatus(task, unmet, now) }));
  const own = facts.filter(({ task }) => task.plan === plan.id);
  const counted = own.filter(({ status }) => status !== 'cancelled');
  const context: Context = { input, tasks: new Map(facts.map(({ task }) => [task.key, task])) };
  const layers = layersOf(plan, counted).map(({ layer, title }) =>
    reportLayer(
      { layer, title },
      counted.filter(({ task }) => task.layer === layer),
      context,
    ),
  );
  return {
    plan: plan.id,
    title: plan.title,
    paused: plan.paused,
    done: countComplete(counted),
    total: counted.length,
    counts: countStatuses(own),
    layers,
  };
}

interface Fact {
  task: Task;
  status: TaskStatus;
}

interface Context {
  input: ReportInput;
  tasks: ReadonlyMap<TaskKey, Task>;
}

/** Those that the plan names and those that tasks are in, by number; tasks in none come last. */
function layersOf(plan: ReportInput['plan'], facts: readonly Fact[]): { layer: number | null; title: string }[] {
  const titles = new Map(plan.layerList.map(({ number, title }) => [number, title]));
  const numbers = new Set([...titles.keys(), ...facts.flatMap(({ task }) => task.layer ?? [])]);
  const layers = [...numbers].toSorted((a, b) => a - b).map((layer) => ({ layer, title: titles.get(layer) ?? '' }));
  const hasLoose = facts.some(({ task }) => task.layer === null);
  return hasLoose ? [...layers, { layer: null, title: '' }] : layers;
}

function reportLayer(
  { layer, title }: { layer: number | null; title: string },
  facts: readonly Fact[],
  context: Context,
): LayerReport {
  const { now, stuckMs = limits.stuckMs } = context.input;
  const among = (status: TaskStatus): Task[] => facts.filter((fact) => fact.status === status).map(({ task }) => task);
  const finishing = among('running').flatMap((task) => reportRunning(task, context));
  const blocked = among('blocked').map((task) => ({ task: task.key, waitingFor: unmetOf(task, context) }));
  const ready = among('ready').map((task) => task.key);
  const done = countComplete(facts);
  const awaited = blocked.flatMap(({ waitingFor }) => waitingFor.map((key) => context.tasks.get(key)));
  const waitingForLayers = awaited.flatMap((task) =>
    task === undefined || task.layer === layer ? [] : (task.layer ?? []),
  );
  return {
    layer,
    title,
    status: layerStatus({ done, total: facts.length, running: finishing.length, ready: ready.length }),
    done,
    total: facts.length,
    finishing,
    ready,
    blocked,
    waitingForLayers: [...new Set(waitingForLayers)].toSorted((a, b) => a - b),
    needsYou: among('needs-you').flatMap(({ key, inbox }) =>
      inbox === null
        ? []
        : [{ task: key, kind: inbox.kind, reason: inbox.reason, sinceMs: Math.max(0, now - inbox.at) }],
    ),
    stuck: finishing.filter((one) => (one.silentMs ?? one.sinceMs) >= stuckMs),
  };
}

function reportRunning({ key, title, claim }: Task, { input }: Context): RunningReport[] {
  if (claim === null) return [];
  const { agent, token, since } = claim;
  const pulse = input.attempts.find((attempt) => attempt.token === token)?.pulse;
  const silentMs = pulse === undefined ? null : Math.max(0, input.now - pulse.activeAt);
  const sinceMs = Math.max(0, input.now - since);
  return [{ task: key, title, agent, token, sinceMs, silentMs, doing: pulse?.doing ?? '' }];
}

function unmetOf(task: Task, { input, tasks }: Context): TaskKey[] {
  return task.dependencies.filter((key) => {
    const needed = tasks.get(key);
    return needed === undefined || !meetsDependency(needed, input.plan.unblock);
  });
}

function layerStatus(count: { done: number; total: number; running: number; ready: number }): LayerReport['status'] {
  if (count.done === count.total) return 'completed';
  if (count.running > 0 || count.done > 0) return 'in_progress';
  return count.ready > 0 ? 'available' : 'blocked';
}

function countComplete(facts: readonly Fact[]): number {
  return facts.filter(({ status }) => completeStatuses.includes(status)).length;
}

function countStatuses(facts: readonly Fact[]): Record<TaskStatus, number> {
  const counts: Record<TaskStatus, number> = {
    blocked: 0,
    ready: 0,
    running: 0,
    done: 0,
    landing: 0,
    landed: 0,
    waiting: 0,
    'needs-you': 0,
    cancelled: 0,
  };
  for (const { status } of facts) counts[status] += 1;
  return counts;
}
