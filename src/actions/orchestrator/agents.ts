/** The agents at work, with the modules that they work for, and one of them by name or token (E2). Reads only. */
import { agentFamily } from '../../core/agent-name.ts';
import type { Attempt } from '../../core/attempt.ts';
import { keyParts } from '../../core/id.ts';
import { UsageError } from '../../platform/error.ts';
import type { Context } from '../context.ts';
import { listAgents, viewAgent, type AgentView } from '../list-agents.ts';
import { requireAttempt } from '../list-attempts.ts';
import { projectModules, requireModule, type ModuleMap } from './modules.ts';

export interface ModuleAgent extends AgentView {
  /** Its token as text: what {@link getAgent} and `terminateAgent` take. */
  id: string;
  title: string;
  module: string | null;
}

export interface AgentsAnswer {
  agents: readonly ModuleAgent[];
  observedAt: string;
}

/** Of live attempts. */
export async function listModuleAgents(context: Context): Promise<AgentsAnswer> {
  return agentsIn(context, await projectModules(context));
}

/** The same where the modules were read already. */
export async function agentsIn(context: Context, modules: ModuleMap): Promise<AgentsAnswer> {
  const titles = new Map(modules.records.map(({ task }) => [task.key, task.title]));
  const agents = (await listAgents(context)).map((agent): ModuleAgent => {
    const key = `${agent.plan}/${agent.task}` as const;
    return { ...agent, id: String(agent.token), title: titles.get(key) ?? '', module: modules.moduleOf(key) };
  });
  return { agents, observedAt: new Date(context.clock.now()).toISOString() };
}

/** Those that work for the module. Throws `UsageError` `unknown-module`. */
export async function agentsByModule(context: Context, module: string): Promise<AgentsAnswer & { module: string }> {
  const modules = await projectModules(context);
  requireModule(modules, module);
  const { agents, observedAt } = await agentsIn(context, modules);
  return { module, agents: agents.filter((agent) => agent.module === module), observedAt };
}

export interface AgentDetail {
  id: string;
  agent: string;
  /** Name in the settings. */
  family: string;
  plan: string;
  task: string;
  title: string;
  /** `ended`, else how it looks now. */
  status: AgentView['status'] | 'ended';
  /** The live look; `null` once it has ended. */
  now: AgentView | null;
  outcome: string | null;
  reason: string | null;
  branch: string | null;
  workspace: string | null;
  logs: string | null;
  startedAt: string;
  endedAt: string | null;
  observedAt: string;
}

/** @param id a token (`17`), or the name of an agent at work (`claude-1`). Throws `UsageError` `unknown-agent`, `unknown-attempt`. */
export async function getAgent(context: Context, id: string): Promise<AgentDetail> {
  const attempt = await findAgent(context, id);
  const { supervision } = await context.settings();
  const now = attempt.endedAt === null ? viewAgent(attempt, { now: context.clock.now(), supervision }) : null;
  const { plan, task } = keyParts(attempt.task);
  const { token, agent, outcome, reason, branch, workspace, logs, startedAt, endedAt } = attempt;
  return {
    id: String(token),
    agent,
    family: agentFamily(agent),
    plan,
    task,
    title: (await context.store.task(attempt.task))?.task.title ?? '',
    status: now?.status ?? 'ended',
    now,
    outcome,
    reason,
    branch,
    workspace,
    logs,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    observedAt: new Date(context.clock.now()).toISOString(),
  };
}

/** The attempt with that token, or the live one of the agent of that name, or at the task of that name. */
export async function findAgent(context: Context, id: string): Promise<Attempt> {
  if (/^[1-9]\d{0,14}$/.test(id)) return requireAttempt(context, Number(id));
  const live = await context.store.attempts({ live: true });
  const fits = ({ agent, task }: Attempt): boolean => agent === id || task === id || keyParts(task).task === id;
  const [found, ...others] = live.filter(fits);
  if (found !== undefined && others.length === 0) return found;
  const known = live.map(({ agent, token }) => `${agent} (${token})`).slice(0, 20);
  const hint = known.length === 0 ? 'nobody is at work: orbit spawn' : `at work: ${known.join(', ')}`;
  const message =
    found === undefined
      ? `no agent ${JSON.stringify(id.slice(0, 80))} is at work`
      : `${others.length + 1} attempts at work fit ${id}; name one by its number`;
  throw new UsageError('unknown-agent', message, hint);
}
