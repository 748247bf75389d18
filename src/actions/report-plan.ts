/** How far a plan is, layer by layer, who is finishing what, what waits and what is stuck (A7, A9). Reads only. */
import { reportPlan as judge, type LayerReport, type PlanReport, type RunningReport } from '../core/report.ts';
import type { Attempt } from '../core/attempt.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { planOnOpenLine } from './plan-lines.ts';
import { shortId } from './task-view.ts';

export interface LayerView extends Pick<LayerReport, 'layer' | 'title' | 'status' | 'total' | 'waitingForLayers'> {
  completed: number;
  running: readonly RunningView[];
  ready: readonly string[];
  blocked: readonly { task: string; waitingFor: readonly string[] }[];
  needsYou: readonly { task: string; kind: string; reason: string; sinceMs: number }[];
  stuck: readonly RunningView[];
}

export type RunningView = Omit<RunningReport, 'task'> & { task: string };

export interface PlanStatus extends Pick<PlanReport, 'plan' | 'title' | 'paused' | 'total' | 'counts'> {
  target: string;
  completed: number;
  layers: readonly LayerView[];
}

/** @param stuckMs default: as the settings say. Throws as `requirePlan` does. */
export async function reportPlan(context: Context, planId: string, stuckMs: number | null = null): Promise<PlanStatus> {
  await requirePlan(context, planId);
  const { store, clock } = context;
  const own = await store.tasks({ plan: planId }, clock.now());
  return planStatus(context, planId, { own, attempts: await store.attempts({ plan: planId, live: true }), stuckMs });
}

/** The same of tasks and attempts that were read already; tasks of other plans that these depend on are read here. */
export async function planStatus(
  context: Context,
  planId: string,
  { own, attempts, stuckMs }: { own: readonly TaskRecord[]; attempts: readonly Attempt[]; stuckMs: number | null },
): Promise<PlanStatus> {
  const { store, clock } = context;
  const plan = await store.plan(planId);
  const now = clock.now();
  const foreign = new Set(own.flatMap(({ task }) => task.dependencies).filter((key) => !key.startsWith(`${planId}/`)));
  const others = [];
  for (const key of foreign) {
    const record = await store.task(key);
    if (record !== null) others.push(record);
  }
  const none = { unblock: 'done', layers: 'hints', layerList: [], paused: false } as const;
  const { done, layers, ...rest } = judge({
    plan: plan ?? { id: planId, title: planId, ...none },
    records: [...own, ...others],
    attempts: attempts.filter(({ endedAt }) => endedAt === null),
    now,
    stuckMs: stuckMs ?? (await context.settings()).supervision.stuckS * 1000,
  });
  return {
    ...rest,
    target: plan === null ? '' : (await planOnOpenLine(store, plan, now)).target,
    completed: done,
    layers: layers.map((layer) => viewLayer(layer, planId)),
  };
}

function viewLayer(
  { done, finishing, ready, blocked, needsYou, stuck, ...rest }: LayerReport,
  plan: string,
): LayerView {
  const running = (one: RunningReport): RunningView => ({ ...one, task: shortId(one.task, plan) });
  return {
    ...rest,
    completed: done,
    running: finishing.map(running),
    ready: ready.map((key) => shortId(key, plan)),
    blocked: blocked.map((one) => ({
      task: shortId(one.task, plan),
      waitingFor: one.waitingFor.map((key) => shortId(key, plan)),
    })),
    needsYou: needsYou.map((one) => ({ ...one, task: shortId(one.task, plan) })),
    stuck: stuck.map(running),
  };
}
