/** What a manager has of its own: one agent more for its team, several tasks at once, and progress in short (D1, D2). */
import { z } from 'zod';
import { executeParallel as execute } from '../../actions/orchestrator/execute-parallel.ts';
import { getProgress as progress } from '../../actions/orchestrator/progress.ts';
import { limits } from '../../core/limits.ts';
import { looks, starts, tool, type Tool } from '../tool.ts';
import { spawnTool } from './orchestrator/agents.ts';
import {
  concurrency,
  loopInput,
  observedAt,
  planInput,
  refusedShape,
  spawnedShape,
  stateFields,
} from './orchestrator/shapes.ts';

/** The orchestrator's tool, for a team that has a bound. */
export const spawnSpecialist: Tool = spawnTool(limits.specialistsMax);

export const executeParallel: Tool = tool({
  name: 'execute_parallel',
  title: 'Several tasks at once',
  description:
    'Put an agent on each of several tasks. Only independent ones: refused where one needs another or two may change the same files, and ' +
    'then the pairs are named and nothing was started.',
  annotations: starts,
  input: z.strictObject({
    tasks: z.array(z.string().min(1).max(200)).min(1).max(limits.specialistsMax).describe('T031, or 001/T031'),
    plan: planInput,
    agent: z.string().max(200).optional().describe('Only this agent of the settings'),
    loop: loopInput,
  }),
  output: z.looseObject({ spawned: z.array(spawnedShape), refused: z.array(refusedShape), concurrency, observedAt }),
  call: async (context, { tasks, plan = null, agent = null, loop = null }) =>
    execute(context, { tasks, plan, agent, loop, teamMax: limits.specialistsMax }),
});

export const getProgress: Tool = tool({
  name: 'get_progress',
  title: 'Progress',
  description: 'How far the plans are and who does what now. For one task use show_task and why_task.',
  annotations: looks,
  input: z.strictObject({ plan: planInput }),
  output: z.looseObject({
    ...stateFields,
    total: z.number(),
    finished: z.number(),
    percent: z.number(),
    counts: z.record(z.string(), z.number()),
    agents: z.array(z.looseObject({ id: z.string(), agent: z.string(), task: z.string(), doing: z.string() })),
  }),
  async call(context, { plan = null }) {
    const { plans: _plans, modules: _modules, ...rest } = await progress(context, { plan });
    return rest;
  },
});
