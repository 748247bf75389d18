/** A task that an agent proposes: the same fields for `create_task` and `block`. */
import { z } from 'zod';
import type { TaskFields } from '../../actions/change-task.ts';

export const newTaskInput: z.ZodObject<{
  title: z.ZodString;
  description: z.ZodOptional<z.ZodString>;
  needs: z.ZodOptional<z.ZodArray<z.ZodString>>;
  scope: z.ZodOptional<z.ZodArray<z.ZodString>>;
  checks: z.ZodOptional<z.ZodArray<z.ZodString>>;
}> = z.strictObject({
  title: z.string().min(1).max(500).describe('One line'),
  description: z.string().max(60_000).optional().describe('All that an agent has to know that was not here'),
  needs: z.array(z.string().max(200)).max(50).optional().describe('Ids of tasks that must be done before it'),
  scope: z.array(z.string().max(1_000)).max(100).optional().describe('Globs of the files that it may change'),
  checks: z.array(z.string().max(2_000)).max(20).optional().describe('Commands that must exit 0 on its finished work'),
});

export function newTaskFields(given: z.output<typeof newTaskInput>): TaskFields & { title: string } {
  const { title, description, needs, scope, checks } = given;
  return {
    title,
    ...(description === undefined ? {} : { body: description }),
    ...(needs === undefined ? {} : { dependencies: needs }),
    ...(scope === undefined ? {} : { scope }),
    ...(checks === undefined ? {} : { checks }),
  };
}
