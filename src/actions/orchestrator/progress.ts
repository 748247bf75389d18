/** The progress of all plans in short (A9, E4): how far each is, who finishes what, what waits for whom, what is stuck. Reads only. */
import type { Context } from '../context.ts';
import { countTasks, type Counts } from '../count-tasks.ts';
import { reportPlan, type PlanStatus } from '../report-plan.ts';
import { agentsIn, type ModuleAgent } from './agents.ts';
import { projectModules, type ModuleView } from './modules.ts';
import { orchestratorState, type StateView } from './state.ts';

export interface ProgressSummary extends StateView {
  total: number;
  /** Proven, landed or cancelled. */
  finished: number;
  /** 0 to 100, rounded down. */
  percent: number;
  counts: Counts['byStatus'];
  attempts: number;
  failures: number;
  spentMs: number;
  plans: readonly PlanStatus[];
  modules: readonly ModuleView[];
  agents: readonly ModuleAgent[];
}

/** @param plan only this one; `null`: all. Throws `UsageError` `unknown-plan`. */
export async function getProgress(context: Context, { plan }: { plan: string | null }): Promise<ProgressSummary> {
  const { total, byStatus, plans, attempts, failures, spentMs } = await countTasks(context, plan);
  const ids = plan === null ? plans.map((one) => one.plan) : [plan];
  const reports: PlanStatus[] = [];
  for (const id of ids) reports.push(await reportPlan(context, id));
  const finished = byStatus.done + byStatus.landing + byStatus.landed + byStatus.cancelled;
  const modules = await projectModules(context);
  const { agents } = await agentsIn(context, modules);
  return {
    ...(await orchestratorState(context)),
    total,
    finished,
    percent: total === 0 ? 0 : Math.floor((finished / total) * 100),
    counts: byStatus,
    attempts,
    failures,
    spentMs,
    plans: reports,
    modules: modules.views,
    agents: plan === null ? agents : agents.filter((agent) => agent.plan === plan),
  };
}
