import { z } from 'zod';
import { explainTask } from '../../actions/explain-task.ts';
import { looks, tool, type Tool } from '../tool.ts';
import { planInput } from './task-shape.ts';

const because = z.object({
  rule: z.string(),
  message: z.string(),
  since: z.string().nullable(),
  holder: z.string().nullable(),
  unblocked_by: z.string().nullable(),
});

export const whyTask: Tool = tool({
  name: 'why_task',
  title: 'Why a task stands where it stands',
  description: 'Who or what a task waits for, by which rule, since when, and what would free it.',
  annotations: looks,
  input: z.strictObject({ task: z.string().min(1).max(200).describe('T031, or 001/T031'), plan: planInput }),
  output: z.object({ task: z.string(), title: z.string(), status: z.string(), because: z.array(because) }),
  async call(context, { task, plan = null }) {
    const told = await explainTask(context, { task, plan });
    return {
      task: told.task,
      title: told.title,
      status: told.status,
      because: told.because.map(({ unblockedBy, ...rest }) => ({ ...rest, unblocked_by: unblockedBy })),
    };
  },
});
