/** The orchestrator itself (E1): init, get, pause, resume, shut down. */
import { z } from 'zod';
import { initOrchestrator } from '../../../actions/orchestrator/init.ts';
import { pauseOrchestrator, resumeOrchestrator } from '../../../actions/orchestrator/pause.ts';
import { shutdownOrchestrator } from '../../../actions/orchestrator/shutdown.ts';
import { getOrchestrator, type OrchestratorView } from '../../../actions/orchestrator/view.ts';
import { limits } from '../../../core/limits.ts';
import { isRejection } from '../../../core/rejection.ts';
import { ends, looks, settles, tool, type Tool } from '../../tool.ts';
import { concurrency, moduleShape, stateFields } from './shapes.ts';

const view = {
  systemId: z.string(),
  project: z.string(),
  ...stateFields,
  concurrency,
  settings: z.looseObject({}),
  agents: z.array(z.looseObject({ agent: z.string(), slots: z.number(), busy: z.number() })),
  plans: z.array(z.looseObject({ plan: z.string(), total: z.number(), landed: z.number(), paused: z.boolean() })),
  modules: z.array(moduleShape),
  modulesTotal: z.number(),
  loops: z.array(z.looseObject({ loop: z.string(), steps: z.array(z.string()) })),
  counts: z.record(z.string(), z.number()).describe('Tasks by status'),
} as const;

const why = z.string().max(2_000).optional().describe('Why; kept in the log');

const initTool: Tool = tool({
  name: 'init_orchestrator',
  title: 'Set up the orchestrator',
  description:
    'Make this repository ready for Orbit (as orbit init does) and answer with the view of its orchestrator. Calling it again changes ' +
    'nothing that is right. Agents whose programs are installed are found by themselves.',
  annotations: settles,
  makesProject: true,
  input: z.strictObject({
    systemId: z.string().max(64).optional().describe('A name for this orchestrator; the name of the folder by default'),
    agentsFile: z.boolean().default(false).describe('Also write instructions for agents into AGENTS.md'),
  }),
  output: z.looseObject({ ...view, changed: z.array(z.string()).describe('Files that were made or changed') }),
  async call(context, { systemId = null, agentsFile }) {
    const path = process.env['PATH'] ?? '';
    const made = await initOrchestrator(context, { systemId, agentsFile, skill: false, path });
    return isRejection(made) ? made : { ...short(made), changed: made.changed };
  },
});

const getTool: Tool = tool({
  name: 'get_orchestrator',
  title: 'The orchestrator now',
  description:
    'How the orchestrator is: whether a coordinator leads, what rests, the concurrency mode that fits the ready work and why, agents and ' +
    'their slots, plans, modules and loops. Call it first.',
  annotations: looks,
  input: z.strictObject({}),
  output: z.looseObject(view),
  call: async (context) => short(await getOrchestrator(context)),
});

const pauseTool: Tool = tool({
  name: 'pause_orchestrator',
  title: 'Pause',
  description:
    'Give out no new work of any plan. Agents at work go on, and what they finish lands. resume_orchestrator goes on.',
  annotations: settles,
  input: z.strictObject({ reason: why }),
  output: z.looseObject(stateFields),
  call: async (context, { reason = 'paused through MCP' }) => pauseOrchestrator(context, { why: reason }),
});

const resumeTool: Tool = tool({
  name: 'resume_orchestrator',
  title: 'Go on',
  description: 'Give out work of all plans again.',
  annotations: settles,
  input: z.strictObject({ reason: why }),
  output: z.looseObject(stateFields),
  call: async (context, { reason = 'resumed through MCP' }) => resumeOrchestrator(context, { why: reason }),
});

const shutdownTool: Tool = tool({
  name: 'shutdown_orchestrator',
  title: 'Shut down in order',
  description:
    'End the coordinator: nothing new is given out, agents are asked to end, their work is saved and their tasks go back without blame. ' +
    'Answers when it has ended, or after a while that it is under way; then call it again to follow. To let agents finish use pause_orchestrator.',
  annotations: ends,
  input: z.strictObject({
    reason: why,
    wait: z.boolean().default(true).describe('Wait for the end; false: only ask'),
  }),
  output: z.looseObject({
    ...stateFields,
    asked: z.boolean(),
    live: z.number().describe('Attempts that have not ended'),
  }),
  call: async (context, { reason = 'shut down through MCP', wait }) =>
    shutdownOrchestrator(context, { why: reason, wait }),
});

/** Many modules are for the resource of their plan; a model reads the first ones. */
function short(whole: OrchestratorView): object {
  return { ...whole, modules: whole.modules.slice(0, limits.mcpListedMax), modulesTotal: whole.modules.length };
}

export const lifeTools: readonly Tool[] = [initTool, getTool, pauseTool, resumeTool, shutdownTool];
