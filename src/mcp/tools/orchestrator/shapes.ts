/** Answers of the orchestrator's tools: what models rely on is named, more may follow. The same names as in the REST API. */
import { z } from 'zod';

export const observedAt: z.ZodString = z.string().describe('When this was looked at');

export const stateFields: {
  state: z.ZodEnum;
  leader: z.ZodNullable<z.ZodString>;
  givesOut: z.ZodNullable<z.ZodEnum>;
  paused: z.ZodArray<z.ZodString>;
  observedAt: z.ZodString;
} = {
  state: z.enum(['running', 'paused', 'shutting-down', 'stopped', 'no-coordinator']),
  leader: z.string().nullable().describe('The coordinator that leads'),
  givesOut: z.enum(['all', 'on-request']).nullable().describe('on-request: only what spawn_agent asks for'),
  paused: z.array(z.string()).describe('Plans whose work rests'),
  observedAt,
};

export const concurrency: z.ZodObject = z.looseObject({
  mode: z.enum(['sequential', 'parallel-async', 'parallel-threads']),
  because: z.string(),
  agentsMax: z.number().nullable(),
});

export const moduleShape: z.ZodObject = z.looseObject({
  module: z.string(),
  priority: z.number(),
  dependencies: z.array(z.string()),
  waitingFor: z.array(z.string()),
  total: z.number(),
  finished: z.number(),
  running: z.number(),
  ready: z.number(),
});

export const agentShape: z.ZodObject = z.looseObject({
  id: z.string().describe('For get_agent and terminate_agent'),
  agent: z.string(),
  plan: z.string(),
  task: z.string(),
  title: z.string(),
  module: z.string().nullable(),
  status: z.string(),
  step: z.number(),
  doing: z.string(),
  quietMs: z.number(),
});

export const spawnedShape: z.ZodObject = z.looseObject({
  id: z.string(),
  agent: z.string(),
  plan: z.string(),
  task: z.string(),
  title: z.string(),
  state: z.enum(['ready', 'starting']).describe('ready: its program runs; starting: it prepares its workspace'),
  module: z.string().nullable(),
});

export const refusedShape: z.ZodObject = z.object({
  task: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

export const taskShape: z.ZodObject = z.looseObject({
  key: z.string().describe('With its plan: 001/T031'),
  title: z.string(),
  status: z.string(),
  agent: z.string().nullable(),
  holder: z.string().nullable(),
  waitingFor: z.array(z.string()),
  reason: z.string().nullable(),
});

export const limitInput: z.ZodDefault<z.ZodNumber> = z.number().int().min(1).max(200).default(20);

export const cursorInput: z.ZodOptional<z.ZodString> = z
  .string()
  .max(40)
  .optional()
  .describe('nextCursor of an earlier answer');

export const planInput: z.ZodOptional<z.ZodString> = z
  .string()
  .max(200)
  .optional()
  .describe('Only this plan, such as 001');

export const loopInput: z.ZodOptional<z.ZodString> = z
  .string()
  .max(64)
  .optional()
  .describe('Steps for the agent to go through, such as engineering-loop');
