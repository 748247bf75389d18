/**
 * The orchestrator as a service: what its routes take and answer.
 *
 * Owns those shapes. Answers of actions that other surfaces share are open: the fields named here are there, and more may be.
 */
import { z } from 'zod';

const text = z.string();
const maybe = text.nullable();
const name = text.min(1).max(130).nullable().default(null);
const why = text.trim().min(1).max(4_000);

const stateFields = {
  state: z.enum(['running', 'paused', 'shutting-down', 'stopped', 'no-coordinator']),
  leader: maybe,
  paused: z.array(text).readonly(),
  observedAt: text,
};

export const orchestratorState = z.looseObject(stateFields).meta({ id: 'OrchestratorState' });

export const orchestrator = z
  .looseObject({
    ...stateFields,
    systemId: text,
    project: text,
    settings: z.looseObject({}),
    counts: z.record(text, z.int()),
    concurrency: z.looseObject({ mode: text, because: text }),
    agents: z.array(z.looseObject({ agent: text, adapter: text, slots: z.int(), busy: z.int() })).readonly(),
    modules: z
      .array(
        z.looseObject({
          module: text,
          scope: z.array(text).readonly(),
          priority: z.number(),
          dependencies: z.array(text).readonly(),
          waitingFor: z.array(text).readonly(),
          total: z.int(),
          finished: z.int(),
          running: z.int(),
          ready: z.int(),
        }),
      )
      .readonly(),
    loops: z.array(z.looseObject({ loop: text, steps: z.array(text).readonly(), source: maybe })).readonly(),
  })
  .meta({ id: 'Orchestrator' });

const spawnedFields = {
  id: text,
  agent: text,
  plan: text,
  task: text,
  token: z.int(),
  state: z.enum(['ready', 'starting']),
};
const refused = z.array(z.object({ task: text, code: text, message: text, hint: text })).readonly();

export const spawnedAgent = z.looseObject(spawnedFields).meta({ id: 'SpawnedAgent' });
export const spawnedAgents = z
  .looseObject({ spawned: z.array(z.looseObject(spawnedFields)).readonly(), refused, observedAt: text })
  .meta({ id: 'SpawnedAgents' });

const agentFields = { id: text, agent: text, plan: text, task: text, title: text, status: text };
export const moduleAgents = z
  .looseObject({ agents: z.array(z.looseObject(agentFields)).readonly(), observedAt: text })
  .meta({ id: 'ModuleAgents' });
export const agentDetail = z.looseObject({ ...agentFields, outcome: maybe, reason: maybe }).meta({ id: 'AgentDetail' });

export const terminated = z
  .looseObject({ id: text, agent: text, plan: text, task: text, status: text, outcome: maybe, commit: maybe })
  .meta({ id: 'Terminated' });

const views = z.array(z.looseObject({ id: text, plan: text, title: text, status: text })).readonly();
export const workQueue = z
  .looseObject({
    counts: z.record(text, z.int()),
    pending: views,
    inProgress: views,
    completed: views,
    nextCursor: maybe,
    observedAt: text,
  })
  .meta({ id: 'WorkQueue' });

export const nextWork = z
  .looseObject({
    next: z
      .array(z.looseObject({ task: text, title: text, module: maybe, score: z.number(), parts: z.looseObject({}) }))
      .readonly(),
    more: z.int(),
    observedAt: text,
  })
  .meta({ id: 'NextWork' });

export const progress = z
  .looseObject({ ...stateFields, total: z.int(), finished: z.int(), percent: z.int(), counts: z.record(text, z.int()) })
  .meta({ id: 'Progress' });

export const cycle = z
  .looseObject({ cycleId: text, agentsSpawned: z.int(), modulesTargeted: z.array(text).readonly(), idle: maybe })
  .meta({ id: 'Cycle' });

export const initOrder = z.strictObject({ systemId: name }).meta({ id: 'InitOrchestrator' });
export const steerOrder = z.strictObject({ why: why.default('asked over the API') }).meta({ id: 'SteerOrchestrator' });
export const shutdownOrder = z
  .strictObject({ why: why.default('asked over the API'), wait: z.boolean().default(false) })
  .meta({ id: 'ShutDownOrchestrator' });
export const spawnOrder = z
  .strictObject({ task: name, plan: name, module: name, loop: name, agent: name, model: name })
  .meta({ id: 'SpawnAgent' });
export const spawnAutoOrder = z
  .strictObject({ max: z.int().min(1).max(1_000).nullable().default(null), loop: name, agent: name, plan: name })
  .meta({ id: 'SpawnAgents' });
export const terminateOrder = z
  .strictObject({
    why: why.default('ended by a person'),
    after: z.enum(['requeue', 'hold']).default('requeue'),
    byForce: z.boolean().default(false),
  })
  .meta({ id: 'TerminateAgent' });
