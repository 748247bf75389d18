/** The landing queue: what was handed in, what waits to be, and what landed last. Reads only. */
import { landingOrder } from '../core/landing.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';

export interface QueueEntry {
  task: string;
  plan: string;
  title: string;
  /** `next` lands first; `queued` waits for its turn or for what it is built on; `done` is proven and not handed in yet. */
  state: 'next' | 'queued' | 'done' | 'landed';
  commit: string | null;
  landedAs: string | null;
  at: string;
  bounces: number;
}

/** Landed tasks shown: the last ones. */
const landedShown = 10;

export async function listQueue(context: Context, plan: string | null): Promise<QueueEntry[]> {
  if (plan !== null) await requirePlan(context, plan);
  const query = { ...(plan === null ? {} : { plan }), status: ['done', 'landing', 'landed'] as const };
  const records = await context.store.tasks(query, context.clock.now());
  const landed = new Set(records.filter(({ task }) => stateOf(task) === 'landed').map(({ task }) => task.key));
  const waiting = records.filter(({ task }) => stateOf(task) !== 'landed');
  const order = landingOrder(
    waiting.map(({ task }) => task),
    (key) => landed.has(key) || !waiting.some(({ task }) => task.key === key),
  );
  const first = order[0]?.key;
  const queued = waiting.toSorted(
    (a, b) => (a.task.landing?.queuedAt ?? a.task.doneAt ?? 0) - (b.task.landing?.queuedAt ?? b.task.doneAt ?? 0),
  );
  const last = records
    .filter(({ task }) => landed.has(task.key))
    .toSorted((a, b) => (a.task.landing?.landedAt ?? 0) - (b.task.landing?.landedAt ?? 0))
    .slice(-landedShown);
  return [...last, ...queued].map((record) => entry(record, first));
}

function entry({ task }: TaskRecord, first: string | undefined): QueueEntry {
  const state = stateOf(task);
  const at = task.landing?.landedAt ?? task.landing?.queuedAt ?? task.doneAt ?? task.createdAt;
  return {
    task: task.id,
    plan: task.plan,
    title: task.title,
    state: state === 'queued' && task.key === first ? 'next' : state,
    commit: task.landing?.commit ?? task.evidence?.commit ?? null,
    landedAs: task.landing?.landedAs ?? null,
    at: new Date(at).toISOString(),
    bounces: task.bounces,
  };
}

function stateOf({ landing, evidence, pr }: TaskRecord['task']): 'queued' | 'done' | 'landed' {
  if (landing?.state === 'landed' || evidence === null || evidence.commit === null || pr?.status === 'merged')
    return 'landed';
  return landing === null ? 'done' : 'queued';
}
