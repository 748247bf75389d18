/** Tasks as the tools for looking answer them: what helps to choose one, and not more. */
import { z } from 'zod';
import type { TaskView } from '../../actions/task-view.ts';

export const taskShape: z.ZodObject = z.object({
  id: z.string().describe('With its plan: 001/T031'),
  title: z.string(),
  status: z.string(),
  agent: z.string().nullable().describe('The agent that the plan wants; null: any'),
  holder: z.string().nullable().describe('Who works on it now'),
  waiting_for: z.array(z.string()),
  reason: z.string().nullable().describe('Why it waits for a person or for its next attempt'),
});

export function taskOf({ key, title, status, agent, holder, waitingFor, reason }: TaskView): object {
  return { id: key, title, status, agent, holder, waiting_for: waitingFor, reason };
}

export const planInput: z.ZodOptional<z.ZodString> = z
  .string()
  .max(200)
  .optional()
  .describe('Only this plan, such as 001');

export const limitInput: z.ZodDefault<z.ZodNumber> = z.number().int().min(1).max(200).default(50);
