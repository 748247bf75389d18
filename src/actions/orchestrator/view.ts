/** The orchestrator as one view (E1): how it is, its mode, its settings, its plans and modules. Reads only. */
import { agentFamily } from '../../core/agent-name.ts';
import { deriveStatus } from '../../core/status.ts';
import type { Context } from '../context.ts';
import { countTasks, type Counts } from '../count-tasks.ts';
import { modeFor, type ModeView } from './concurrency.ts';
import { listLoops, type LoopView } from './loops.ts';
import { projectModules, type ModuleView } from './modules.ts';
import { orchestratorState, type StateView } from './state.ts';
import { systemIdOf } from './system-id.ts';

/** E10's names, with the values in force. */
export interface OrchestratorSettings {
  defaultConcurrencyMode: string;
  maxParallelAgents: number | null;
  defaultMaxRetries: number;
  retryDelayMs: number;
  escalationThreshold: number;
  worktreesDirectory: string;
  branchPrefix: string;
  autoMergeOnComplete: boolean;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
}

export interface OrchestratorView extends StateView {
  systemId: string;
  project: string;
  concurrency: ModeView;
  settings: OrchestratorSettings;
  /** Agents of the settings with their slots. */
  agents: readonly { agent: string; adapter: string; slots: number; busy: number }[];
  plans: Counts['plans'];
  modules: readonly ModuleView[];
  loops: readonly LoopView[];
  counts: Counts['byStatus'];
}

export async function getOrchestrator(context: Context): Promise<OrchestratorView> {
  const settings = await context.settings();
  const modules = await projectModules(context);
  const counts = await countTasks(context, null);
  const now = context.clock.now();
  const ready = modules.records.filter(({ task, unmet }) => deriveStatus(task, unmet, now) === 'ready');
  const live = await context.store.attempts({ live: true });
  const state = await orchestratorState(context);
  return {
    systemId: systemIdOf(context.paths),
    project: context.paths.top,
    ...state,
    concurrency: modeFor(
      ready.map(({ task }) => task),
      settings,
    ),
    settings: {
      defaultConcurrencyMode: settings.defaultConcurrencyMode,
      maxParallelAgents: settings.maxParallelAgents,
      defaultMaxRetries: settings.budget.attempts - 1,
      retryDelayMs: settings.retryDelayMs,
      escalationThreshold: settings.escalationThreshold,
      worktreesDirectory: settings.workspace.directory,
      branchPrefix: settings.branchPrefix,
      autoMergeOnComplete: settings.autoMergeOnComplete,
      heartbeatIntervalMs: settings.heartbeatIntervalMs,
      heartbeatTimeoutMs: settings.heartbeatTimeoutMs,
    },
    agents: Object.entries(settings.agents).map(([agent, { adapter, slots }]) => ({
      agent,
      adapter,
      slots,
      busy: live.filter((attempt) => !attempt.byHand && agentFamily(attempt.agent) === agent).length,
    })),
    plans: counts.plans,
    modules: modules.views,
    loops: listLoops(context.paths),
    counts: counts.byStatus,
  };
}
