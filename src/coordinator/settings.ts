/**
 * The coordinator's settings, made from the user's.
 */
import { approvalPolicy } from '../actions/look-at-change.ts';
import type { Limits } from '../core/limits.ts';
import { expectedMemoryMb } from '../core/machine-room.ts';
import type { Finish } from '../core/pull-request.ts';
import type { Wish } from '../core/rung.ts';
import { accountOf } from '../core/quota.ts';
import { agentEntry } from '../platform/known-agents.ts';
import type { Settings } from '../platform/settings.ts';
import type { AgentSlots, CoordinatorSettings } from './ports.ts';

export interface RunOrder {
  plans: readonly string[];
  /** Agents and slots of this run; `null` = as the settings say. */
  agents: readonly AgentSlots[] | null;
  /** Names of agents whose adapter takes a thinking budget. */
  thinks: ReadonlySet<string>;
  /** Model and thinking budget that a person asked for, for all agents of this run. */
  wish: Wish | null;
  /** What a person at the keyboard wants done with a finished plan; `null` = as plan and settings say. */
  finish: Finish | null;
  /** Gives out only what it is asked for. */
  onRequest: boolean;
  holder: string;
  host: string;
  pid: number;
}

export function coordinatorSettings(settings: Settings, limits: Limits, order: RunOrder): CoordinatorSettings {
  const configured = Object.entries(settings.agents).map(([name, agent]) => ({ name, slots: agent.slots }));
  return {
    holder: order.holder,
    host: order.host,
    pid: order.pid,
    plans: order.plans,
    agents: (order.agents ?? configured).map((agent) => ({
      ...agent,
      ...ladderFacts(settings, agent.name, order),
    })),
    known: Object.keys(settings.agents),
    onRequest: order.onRequest,
    parallelMax: settings.defaultConcurrencyMode === 'sequential' ? 1 : settings.maxParallelAgents,
    shared: settings.shared,
    bring: settings.workspace.bring,
    diskMaxBytes: settings.workspace.diskMaxGb === 0 ? null : settings.workspace.diskMaxGb * 1_000_000_000,
    train: {
      lanes: settings.landing.lanes,
      lengthMax: settings.landing.trainMax,
      rerunsMax: settings.landing.reruns,
    },
    approval: approvalPolicy(settings),
    landing: settings.landing.mode !== 'off',
    landingMode: settings.landing.mode,
    stackDepthMax: settings.landing.stackDepth,
    mergeOnComplete: settings.autoMergeOnComplete,
    finish: settings.landing.finish,
    finishByHand: order.finish,
    finishesItself: order.finish !== null || settings.landing.approval === 'none' || settings.autoMergeOnComplete,
    mergesPullRequests: settings.landing.approval === 'none',
    forgePollMs: settings.forge.pollS * 1_000,
    forgeGraceMs: settings.forge.checksGraceS * 1_000,
    forgeWaitMs: settings.forge.waitMinutes * 60_000,
    failuresInRowMax: settings.escalationThreshold,
    landingChecks: settings.landing.checks,
    budgetMs: settings.budget.minutes * 60_000,
    limits,
  };
}

/** What a claim for the agent says of it; a worker's own name in the settings wins over its family's. */
function ladderFacts(
  settings: Settings,
  name: string,
  { thinks, wish }: Pick<RunOrder, 'thinks' | 'wish'>,
): Partial<AgentSlots> {
  const entry = agentEntry(settings, name);
  if (entry === null) return {};
  const { adapter, model = null, fallbackModels = [], thinking = null } = entry;
  const profile = {
    adapter,
    models: [model, ...fallbackModels],
    thinking,
    canThink: thinks.has(name),
    ...(wish === null ? {} : { wish }),
  };
  return { profile, account: accountOf(name, entry), memoryMb: expectedMemoryMb(entry) };
}
