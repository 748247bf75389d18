/** How far a plan is, layer by layer, who is finishing what, what waits and what is stuck (A7, A9). Reads only. */
import { reportPlan as judge, type LayerReport, type PlanReport, type RunningReport } from '../core/report.ts';
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

/** @param stuckMs default: as the settings say. */
export async function reportPlan(context: Context, planId: string, stuckMs: number | null = null): Promise<PlanStatus> {
  await requirePlan(context, planId);
  const { store, clock } = context;
  const plan = await store.plan(planId);
  const now = clock.now();
  const own = await store.tasks({ plan: planId }, now);
  const foreign = new Set(own.flatMap(({ task }) => task.dependencies).filter((key) => !key.startsWith(`${planId}/`)));
  const others = [];
  for (const key of foreign) {
    const record = await store.task(key);
    if (record !== null) others.push(record);
  }
  const head = plan ?? {
    id: planId,
    title: planId,
    unblock: 'done' as const,
    layers: 'hints' as const,
    layerList: [],
    paused: false,
  };
  const attempts = await store.attempts({ plan: planId, live: true });
  const limitMs = stuckMs ?? (await context.settings()).supervision.stuckS * 1000;
  const { done, layers, ...rest } = judge({
    plan: head,
    records: [...own, ...others],
    attempts,
    now,
    stuckMs: limitMs,
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
