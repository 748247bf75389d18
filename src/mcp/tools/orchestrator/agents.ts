/** Agents (E2): spawn, spawn for what matters most, list, get, by module, terminate. */
import { z } from 'zod';
import { agentsByModule, getAgent, listModuleAgents } from '../../../actions/orchestrator/agents.ts';
import { spawnAgent as spawn, spawnAgentsAuto } from '../../../actions/orchestrator/spawn.ts';
import { terminateAgent as terminate } from '../../../actions/orchestrator/terminate.ts';
import { ends, looks, starts, tool, type Tool } from '../../tool.ts';
import {
  agentShape,
  concurrency,
  limitInput,
  loopInput,
  observedAt,
  planInput,
  refusedShape,
  spawnedShape,
} from './shapes.ts';

/** @param teamMax agents at work at once; `null`: any number. */
export const spawnTool = (teamMax: number | null): Tool =>
  tool({
    name: 'spawn_agent',
    title: 'Put an agent to work',
    description:
      'Put one agent on a task, or on the best ready task of a module (neither: of all). Answers with an id once the agent is at work, ' +
      'or with the reason why not. Its work is checked and lands by itself. Where no coordinator leads, one is started for it.',
    annotations: starts,
    input: z.strictObject({
      task: z.string().max(200).optional().describe('T031, or 001/T031'),
      module: z.string().max(200).optional().describe('As get_orchestrator names it; not together with task'),
      plan: planInput,
      loop: loopInput,
      agent: z
        .string()
        .max(200)
        .optional()
        .describe('Which agent of the settings; any that may take the task by default'),
      model: z.string().max(200).optional().describe('Model for this attempt'),
    }),
    output: spawnedShape.extend({ loop: z.string().nullable(), observedAt }),
    async call(context, { task = null, module = null, plan = null, loop = null, agent = null, model = null }) {
      return spawn(context, { task, module, plan, loop, agent, model, teamMax });
    },
  });

const spawnAuto: Tool = tool({
  name: 'spawn_agents_auto',
  title: 'Put agents on what matters most',
  description:
    'Put agents on the ready tasks with the highest leverage that are independent of each other: as many as the concurrency mode, free slots ' +
    'and max allow. get_next_work shows them before.',
  annotations: starts,
  input: z.strictObject({
    max: z.number().int().min(1).max(64).optional().describe('How many at most; as many as fit by default'),
    plan: planInput,
    loop: loopInput,
    agent: z.string().max(200).optional().describe('Only this agent of the settings'),
  }),
  output: z.looseObject({ spawned: z.array(spawnedShape), refused: z.array(refusedShape), concurrency, observedAt }),
  async call(context, { max = null, plan = null, loop = null, agent = null }) {
    return spawnAgentsAuto(context, { max, plan, loop, agent });
  },
});

export const listAgents: Tool = tool({
  name: 'list_agents',
  title: 'Agents at work',
  description: 'Who works on what now, with step, what they say they do, and for how long nothing was heard of them.',
  annotations: looks,
  input: z.strictObject({ limit: limitInput, cursor: z.string().max(40).optional() }),
  output: z.looseObject({
    agents: z.array(agentShape),
    nextCursor: z.string().nullable(),
    observedAt,
  }),
  async call(context, { limit, cursor = '0' }) {
    const { agents, observedAt: at } = await listModuleAgents(context);
    const from = Math.max(0, Number(cursor) || 0);
    const nextCursor = agents.length > from + limit ? String(from + limit) : null;
    return { agents: agents.slice(from, from + limit), nextCursor, observedAt: at };
  },
});

const getTool: Tool = tool({
  name: 'get_agent',
  title: 'One agent',
  description: 'One attempt of an agent, at work or ended: status, branch, workspace, logs, outcome and reason.',
  annotations: looks,
  input: z.strictObject({
    id: z.string().min(1).max(200).describe('The id of spawn_agent, or the name of an agent at work'),
  }),
  output: z.looseObject({
    id: z.string(),
    agent: z.string(),
    plan: z.string(),
    task: z.string(),
    status: z.string(),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    observedAt,
  }),
  call: async (context, { id }) => getAgent(context, id),
});

const byModule: Tool = tool({
  name: 'get_agents_by_module',
  title: 'Agents of a module',
  description: 'Who works for a module now.',
  annotations: looks,
  input: z.strictObject({ module: z.string().min(1).max(200).describe('As get_orchestrator names it') }),
  output: z.looseObject({ module: z.string(), agents: z.array(agentShape), observedAt }),
  call: async (context, { module }) => agentsByModule(context, module),
});

export const terminateAgent: Tool = tool({
  name: 'terminate_agent',
  title: 'End an agent',
  description:
    'End an agent at work: it is asked to stop, its work is saved, and its task goes back to the queue or is held. Answers when it has ended. ' +
    'If it does not end in time, call it again with now.',
  annotations: ends,
  input: z.strictObject({
    id: z.string().min(1).max(200).describe('The id of spawn_agent, or the name of an agent at work'),
    hold: z.boolean().default(false).describe('Keep the task back; a person resumes it with orbit resume'),
    now: z.boolean().default(false).describe('By force'),
    reason: z.string().max(2_000).default('terminated through MCP').describe('Why; kept in the log'),
  }),
  output: z.looseObject({
    id: z.string(),
    agent: z.string(),
    task: z.string(),
    status: z.string().describe('Of the task, now'),
    outcome: z.string().nullable(),
    observedAt,
  }),
  async call(context, { id, hold, now, reason }) {
    return terminate(context, { agent: id, after: hold ? 'hold' : 'requeue', why: reason, byForce: now });
  },
});

export const agentTools: readonly Tool[] = [spawnTool(null), spawnAuto, listAgents, getTool, byModule, terminateAgent];
