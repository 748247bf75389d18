import { z } from 'zod';
import { listTasks as list } from '../../actions/list-tasks.ts';
import { taskStatuses } from '../../core/status.ts';
import { looks, tool, type Tool } from '../tool.ts';
import { limitInput, planInput, taskOf, taskShape } from './task-shape.ts';

export const listTasks: Tool = tool({
  name: 'list_tasks',
  title: 'List tasks',
  description:
    'Tasks in the order of their plan, all or those of some statuses: running and needs-you show what moves and what waits for a ' +
    'person. For one task in full use show_task; for what can be started use ready_tasks.',
  annotations: looks,
  input: z.strictObject({
    plan: planInput,
    status: z.array(z.enum(taskStatuses)).max(20).optional().describe('Only these'),
    limit: limitInput,
  }),
  output: z.object({ tasks: z.array(taskShape), more: z.boolean().describe('Whether there are more than limit') }),
  async call(context, { plan = null, status, limit }) {
    const order = { plan, agent: null, limit: limit + 1, ...(status === undefined ? {} : { status }) };
    const tasks = await list(context, order);
    return { tasks: tasks.slice(0, limit).map(taskOf), more: tasks.length > limit };
  },
});
