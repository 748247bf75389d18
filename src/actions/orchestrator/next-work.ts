/** What to do next, by leverage: ready tasks, best first, each with what its score is made of (E3). Reads only. */
import type { TaskKey } from '../../core/id.ts';
import type { ScoreParts } from '../../core/order.ts';
import { ranking } from '../../core/rank.ts';
import { deriveStatus } from '../../core/status.ts';
import type { TaskRecord } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { projectModules, type ModuleMap } from './modules.ts';

export interface NextWork {
  task: TaskKey;
  title: string;
  module: string | null;
  /** The agent that the plan wants; `null` = any. */
  agent: string | null;
  scope: readonly string[];
  /** The whole leverage, in milliseconds of work that would come later if this came later. */
  score: number;
  /** What it is made of; `moduleMs` is what the module's priority adds. */
  parts: Omit<ScoreParts, 'score'> & { moduleMs: number };
}

export interface NextWorkAnswer {
  next: readonly NextWork[];
  /** How many more are ready. */
  more: number;
  observedAt: string;
}

export async function getNextWork(
  context: Context,
  { limit, module = null }: { limit: number; module?: string | null },
): Promise<NextWorkAnswer> {
  const modules = await projectModules(context);
  const all = (await rankReady(context, modules)).map(({ next }) => next);
  const fitting = module === null ? all : all.filter((next) => next.module === module);
  return {
    next: fitting.slice(0, limit),
    more: Math.max(0, fitting.length - limit),
    observedAt: new Date(context.clock.now()).toISOString(),
  };
}

export interface RankedReady {
  record: TaskRecord;
  next: NextWork;
  /** Modules that come before its own are finished. */
  isOnTurn: boolean;
}

/** All ready tasks, best first. Those whose module is not on turn come last. */
export async function rankReady(context: Context, modules: ModuleMap): Promise<RankedReady[]> {
  const now = context.clock.now();
  const { shared } = await context.settings();
  const byPlan = Map.groupBy(modules.records, ({ task }) => task.plan);
  const waiting = new Map(modules.views.map(({ module, waitingFor }) => [module, waitingFor]));
  const paused = new Set((await context.store.plans()).filter((plan) => plan.paused).map(({ id }) => id));
  const found: RankedReady[] = [];
  for (const [plan, records] of byPlan) {
    if (paused.has(plan)) continue;
    const { scoreParts } = ranking(records, { now, shared });
    for (const record of records) {
      if (deriveStatus(record.task, record.unmet, now) !== 'ready') continue;
      const parts = scoreParts(record.task.key);
      if (parts === null) continue;
      const module = modules.moduleOf(record.task.key);
      const isOnTurn = (waiting.get(module ?? '') ?? []).length === 0;
      found.push({
        record,
        next: nextOf(record, { parts, module, moduleMs: modules.weightMs(record.task.key) }),
        isOnTurn,
      });
    }
  }
  return found.toSorted(
    (one, other) => Number(other.isOnTurn) - Number(one.isOnTurn) || other.next.score - one.next.score,
  );
}

function nextOf(
  { task }: TaskRecord,
  { parts, module, moduleMs }: { parts: ScoreParts; module: string | null; moduleMs: number },
): NextWork {
  const { score, ...rest } = parts;
  const { key, title, agent, scope } = task;
  return { task: key, title, module, agent, scope, score: score + moduleMs, parts: { ...rest, moduleMs } };
}
