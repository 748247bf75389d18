/** Work (E3, E4, E5): the queue, what is next, progress, events, a picture, a cycle. */
import { z } from 'zod';
import { runAutonomousCycle } from '../../../actions/orchestrator/cycle.ts';
import { getEvents } from '../../../actions/orchestrator/events.ts';
import { getNextWork } from '../../../actions/orchestrator/next-work.ts';
import { getProgress } from '../../../actions/orchestrator/progress.ts';
import { renderTerminal } from '../../../actions/orchestrator/terminal.ts';
import { getWorkQueue, queueParts } from '../../../actions/orchestrator/work-queue.ts';
import { looks, starts, tool, type Tool } from '../../tool.ts';
import {
  agentShape,
  concurrency,
  cursorInput,
  limitInput,
  loopInput,
  moduleShape,
  observedAt,
  planInput,
  refusedShape,
  spawnedShape,
  stateFields,
  taskShape,
} from './shapes.ts';

const queueTool: Tool = tool({
  name: 'get_work_queue',
  title: 'The work queue',
  description: 'Tasks that are pending (best first), in progress and completed, with how many there are of each.',
  annotations: looks,
  input: z.strictObject({
    plan: planInput,
    part: z
      .enum(['pending', 'in-progress', 'completed'])
      .optional()
      .describe(`Only one of ${queueParts.join(', ')}`),
    limit: limitInput,
    cursor: cursorInput,
  }),
  output: z.looseObject({
    counts: z.record(z.string(), z.number()),
    pending: z.array(taskShape),
    inProgress: z.array(taskShape),
    completed: z.array(taskShape),
    nextCursor: z.string().nullable(),
    observedAt,
  }),
  call: async (context, { plan = null, part = null, limit, cursor = null }) =>
    getWorkQueue(context, { plan, part, limit, cursor }),
});

const nextTool: Tool = tool({
  name: 'get_next_work',
  title: 'What to do next',
  description:
    'Ready tasks by leverage: how much work would come later if this came later, in milliseconds, with the parts: the longest chain that ' +
    'hangs on it, the queue on its files, priorities, and time waited.',
  annotations: looks,
  input: z.strictObject({ limit: limitInput, module: z.string().max(200).optional() }),
  output: z.looseObject({
    next: z.array(
      z.looseObject({
        task: z.string(),
        title: z.string(),
        module: z.string().nullable(),
        score: z.number(),
        parts: z.looseObject({
          bottomMs: z.number(),
          hottestMs: z.number(),
          priorityMs: z.number(),
          ageMs: z.number(),
        }),
      }),
    ),
    more: z.number(),
    observedAt,
  }),
  call: async (context, { limit, module = null }) => getNextWork(context, { limit, module }),
});

const progressTool: Tool = tool({
  name: 'get_orchestration_progress',
  title: 'Progress',
  description:
    'How far all plans are: finished of total, per layer who finishes what, what waits for whom, what needs a person, what is stuck.',
  annotations: looks,
  input: z.strictObject({ plan: planInput }),
  output: z.looseObject({
    ...stateFields,
    total: z.number(),
    finished: z.number(),
    percent: z.number(),
    counts: z.record(z.string(), z.number()),
    plans: z.array(z.looseObject({ plan: z.string(), total: z.number(), completed: z.number() })),
    modules: z.array(moduleShape),
    agents: z.array(agentShape),
  }),
  call: async (context, { plan = null }) => getProgress(context, { plan }),
});

const eventsTool: Tool = tool({
  name: 'get_orchestration_events',
  title: 'Events',
  description:
    'What happened, in order. Without cursor the newest; keep nextCursor and give it next time to get only what is new, also when there was nothing.',
  annotations: looks,
  input: z.strictObject({
    cursor: cursorInput,
    limit: limitInput,
    plan: planInput,
    task: z.string().max(200).optional().describe('Only of this task'),
  }),
  output: z.looseObject({
    events: z.array(
      z.looseObject({
        seq: z.number(),
        at: z.string(),
        actor: z.string(),
        type: z.string(),
        task: z.string().nullable(),
      }),
    ),
    nextCursor: z.string(),
    more: z.boolean(),
    observedAt,
  }),
  call: async (context, { cursor = null, limit, plan = null, task = null }) =>
    getEvents(context, { cursor, limit, plan, task }),
});

const terminalTool: Tool = tool({
  name: 'render_orchestration_terminal',
  title: 'Picture for a terminal',
  description: 'The whole project as plain text of a given width, to show to a person as it is.',
  annotations: looks,
  input: z.strictObject({ plan: planInput, columns: z.number().int().min(20).max(400).default(100) }),
  output: z.looseObject({ text: z.string(), observedAt }),
  call: async (context, { plan = null, columns }) => renderTerminal(context, { plan, columns }),
});

const cycleTool: Tool = tool({
  name: 'run_autonomous_cycle',
  title: 'One autonomous cycle',
  description:
    'Find the work that matters most, put agents on it, and let them execute: one round. Answers once the agents are at work; nothing to do ' +
    'is no error (agentsSpawned is 0 and idle says why). Call it again when agents have finished.',
  annotations: starts,
  input: z.strictObject({
    max: z.number().int().min(1).max(64).optional().describe('Agents at most; as many as fit by default'),
    loop: loopInput,
  }),
  output: z.looseObject({
    cycleId: z.string(),
    agentsSpawned: z.number(),
    modulesTargeted: z.array(z.string()),
    agents: z.array(spawnedShape),
    refused: z.array(refusedShape),
    concurrency: concurrency.nullable(),
    idle: z.string().nullable(),
    observedAt,
  }),
  call: async (context, { max = null, loop = null }) => runAutonomousCycle(context, { max, loop }),
});

export const workTools: readonly Tool[] = [queueTool, nextTool, progressTool, eventsTool, terminalTool, cycleTool];
