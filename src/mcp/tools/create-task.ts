import { z } from 'zod';
import { createTask as create } from '../../actions/change-task.ts';
import { isRejection } from '../../core/rejection.ts';
import { adds, tool, type Tool } from '../tool.ts';
import { newTaskFields, newTaskInput } from './new-task.ts';

export const createTask: Tool = tool({
  name: 'create_task',
  title: 'Add a task to the plan',
  description:
    'Add a task for work that you found and that is not yours to do now: a bug beside your way, a missing test, a clean-up. Another agent ' +
    'gets it. Your own task goes on. If your task cannot go on without it, use block with new_task instead.',
  annotations: adds,
  input: newTaskInput,
  output: z.object({ task: z.string(), plan: z.string(), status: z.string() }),
  async call(context, given) {
    const made = await create(context, { plan: null, id: null, fields: newTaskFields(given) });
    if (isRejection(made)) return made;
    const { task, plan, status } = made;
    return { task, plan, status };
  },
});
