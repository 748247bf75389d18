/** The orchestrator as a service (E7): set up, steer, spawn, look. */
import { z } from 'zod';
import { agentsByModule, getAgent, listModuleAgents } from '../../actions/orchestrator/agents.ts';
import { runAutonomousCycle } from '../../actions/orchestrator/cycle.ts';
import { getEvents } from '../../actions/orchestrator/events.ts';
import { initOrchestrator } from '../../actions/orchestrator/init.ts';
import { getNextWork } from '../../actions/orchestrator/next-work.ts';
import { pauseOrchestrator, resumeOrchestrator } from '../../actions/orchestrator/pause.ts';
import { getProgress } from '../../actions/orchestrator/progress.ts';
import { shutdownOrchestrator } from '../../actions/orchestrator/shutdown.ts';
import { spawnAgent, spawnAgentsAuto } from '../../actions/orchestrator/spawn.ts';
import { renderTerminal } from '../../actions/orchestrator/terminal.ts';
import { terminateAgent } from '../../actions/orchestrator/terminate.ts';
import { getOrchestrator } from '../../actions/orchestrator/view.ts';
import { getWorkQueue, queueParts } from '../../actions/orchestrator/work-queue.ts';
import { people, readers } from '../access.ts';
import { event } from '../contract.ts';
import * as shapes from '../contract/orchestration.ts';
import { route, type Route } from '../route.ts';

const base = '/api/orchestration';
const noun = 'orchestration';
const plan = z.string().max(64).nullable().default(null);
const cursor = z.string().max(100).nullable().default(null);
const id = z.object({ id: z.string().min(1).max(130) });

const steering: readonly Route[] = [
  route({
    method: 'post',
    path: `${base}/init`,
    who: people,
    noun,
    summary: 'Set the project up, or up to date; doing it again changes nothing that is right.',
    body: shapes.initOrder,
    answer: shapes.orchestrator,
    status: 201,
    handle: async ({ context, body: { systemId } }) =>
      initOrchestrator(context, { systemId, agentsFile: true, skill: true, path: process.env['PATH'] ?? '' }),
  }),
  route({
    method: 'get',
    path: base,
    who: readers,
    noun,
    summary: 'How the orchestrator stands: state, settings, agents, plans, modules, concurrency.',
    answer: shapes.orchestrator,
    handle: async ({ context }) => getOrchestrator(context),
  }),
  route({
    method: 'put',
    path: `${base}/pause`,
    who: people,
    noun,
    summary: 'Give out no new work; running attempts go on.',
    body: shapes.steerOrder,
    answer: shapes.orchestratorState,
    handle: async ({ context, body }) => pauseOrchestrator(context, body),
  }),
  route({
    method: 'put',
    path: `${base}/resume`,
    who: people,
    noun,
    summary: 'Give out work again.',
    body: shapes.steerOrder,
    answer: shapes.orchestratorState,
    handle: async ({ context, body }) => resumeOrchestrator(context, body),
  }),
  route({
    method: 'put',
    path: `${base}/shutdown`,
    who: people,
    noun,
    summary: 'End the coordinator in order: nothing new is given out, agents stop, their work is saved.',
    body: shapes.shutdownOrder,
    answer: shapes.orchestratorState,
    handle: async ({ context, body }) => shutdownOrchestrator(context, body),
  }),
  route({
    method: 'post',
    path: `${base}/cycle`,
    who: people,
    noun,
    summary: 'One autonomous cycle: identify, spawn, execute.',
    body: shapes.spawnAutoOrder.pick({ max: true, loop: true }),
    answer: shapes.cycle,
    handle: async ({ context, body }) => runAutonomousCycle(context, body),
  }),
];

const agents: readonly Route[] = [
  route({
    method: 'post',
    path: `${base}/agents`,
    who: people,
    noun,
    summary: 'Spawn an agent for a task or a module; answers once it is at work, or why it is not.',
    body: shapes.spawnOrder,
    answer: shapes.spawnedAgent,
    status: 201,
    handle: async ({ context, body }) => spawnAgent(context, body),
  }),
  route({
    method: 'post',
    path: `${base}/agents/auto`,
    who: people,
    noun,
    summary: 'Spawn agents for the work with the highest leverage.',
    body: shapes.spawnAutoOrder,
    answer: shapes.spawnedAgents,
    status: 201,
    handle: async ({ context, body }) => spawnAgentsAuto(context, body),
  }),
  route({
    method: 'get',
    path: `${base}/agents`,
    who: readers,
    noun,
    summary: 'Agents at work, of all modules or of one.',
    query: z.object({ module: z.string().max(130).optional() }),
    answer: shapes.moduleAgents,
    handle: async ({ context, query: { module } }) =>
      module === undefined ? listModuleAgents(context) : agentsByModule(context, module),
  }),
  route({
    method: 'get',
    path: `${base}/agents/{id}`,
    who: readers,
    noun,
    summary: 'One agent: by its token, its name while it works, or its task.',
    params: id,
    answer: shapes.agentDetail,
    handle: async ({ context, params }) => getAgent(context, params.id),
  }),
  route({
    method: 'delete',
    path: `${base}/agents/{id}`,
    who: people,
    noun,
    summary: 'End an agent; its work is saved, its task is given out again or held.',
    params: id,
    body: shapes.terminateOrder,
    answer: shapes.terminated,
    handle: async ({ context, params, body }) => terminateAgent(context, { agent: params.id, ...body }),
  }),
];

const looks: readonly Route[] = [
  route({
    method: 'get',
    path: `${base}/work-queue`,
    who: readers,
    noun,
    summary: 'Work that is pending, in progress, completed.',
    query: z.object({
      plan,
      cursor,
      part: z
        .enum(queueParts as ['pending', 'in-progress', 'completed'])
        .nullable()
        .default(null),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
    answer: shapes.workQueue,
    handle: async ({ context, query }) => getWorkQueue(context, query),
  }),
  route({
    method: 'get',
    path: `${base}/next-work`,
    who: readers,
    noun,
    summary: 'What is best done next, by leverage, with what that is made of.',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(10),
      module: z.string().max(130).nullable().default(null),
    }),
    answer: shapes.nextWork,
    handle: async ({ context, query }) => getNextWork(context, query),
  }),
  route({
    method: 'get',
    path: `${base}/progress`,
    who: readers,
    noun,
    summary: 'How far everything is, by plan, module and agent.',
    query: z.object({ plan }),
    answer: shapes.progress,
    handle: async ({ context, query }) => getProgress(context, query),
  }),
  route({
    method: 'get',
    path: `${base}/events`,
    who: readers,
    noun,
    summary: 'Events behind a cursor; the newest without one.',
    query: z.object({
      cursor,
      plan,
      task: z.string().max(130).nullable().default(null),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
    answer: z.object({
      events: z.array(event).readonly(),
      nextCursor: z.string(),
      more: z.boolean(),
      observedAt: z.string(),
    }),
    handle: async ({ context, query }) => getEvents(context, query),
  }),
  route({
    method: 'get',
    path: `${base}/terminal`,
    who: readers,
    noun,
    summary: 'The picture of orbit watch, as text.',
    query: z.object({ plan, columns: z.coerce.number().int().min(20).max(400).default(120) }),
    answer: z.object({ text: z.string(), observedAt: z.string() }),
    handle: async ({ context, query }) => renderTerminal(context, query),
  }),
];

export const orchestrationRoutes: readonly Route[] = [...steering, ...agents, ...looks];
