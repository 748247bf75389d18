import { z } from 'zod';
import { listReady } from '../../actions/list-tasks.ts';
import { looks, tool, type Tool } from '../tool.ts';
import { limitInput, planInput, taskOf, taskShape } from './task-shape.ts';

export const readyTasks: Tool = tool({
  name: 'ready_tasks',
  title: 'Tasks that can be started now',
  description: 'What could be worked on at once, best first: nothing it needs is missing and nobody holds it.',
  annotations: looks,
  input: z.strictObject({
    plan: planInput,
    agent: z.string().max(200).optional().describe('Only what this agent may take'),
    limit: limitInput,
  }),
  output: z.object({ tasks: z.array(taskShape) }),
  async call(context, { plan = null, agent = null, limit }) {
    return { tasks: (await listReady(context, { plan, agent, limit })).map(taskOf) };
  },
});
