import { z } from 'zod';
import { showTask as show } from '../../actions/show-task.ts';
import { looks, tool, type Tool } from '../tool.ts';
import { planInput, taskOf, taskShape } from './task-shape.ts';

export const showTask: Tool = tool({
  name: 'show_task',
  title: 'Show one task',
  description: 'Everything about one task: what it asks, its scope and checks, who tried it and how that ended.',
  annotations: looks,
  input: z.strictObject({ task: z.string().min(1).max(200).describe('T031, or 001/T031'), plan: planInput }),
  output: taskShape.extend({
    description: z.string(),
    scope: z.array(z.string()),
    checks: z.array(z.string()),
    needs: z.array(z.string()),
    dependants: z.array(z.string()),
    advice: z.string().nullable(),
    attempts: z.array(
      z.object({ token: z.number(), agent: z.string(), outcome: z.string().nullable(), reason: z.string().nullable() }),
    ),
  }),
  async call(context, { task, plan = null }) {
    const found = await show(context, { task, plan });
    const { body, scope, checks, dependencies, dependants, advice, tries } = found;
    return {
      ...taskOf(found),
      description: body,
      scope,
      checks,
      needs: dependencies,
      dependants,
      advice,
      attempts: tries.map(({ token, agent, outcome, reason }) => ({ token, agent, outcome, reason })),
    };
  },
});
