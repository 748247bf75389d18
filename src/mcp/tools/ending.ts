/** What the tools that end an attempt answer, and how they say so. */
import { z } from 'zod';
import type { EndAnswer } from '../../actions/end-attempt.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';

export const endingOutput: z.ZodObject = z.object({
  task: z.string(),
  status: z.string().describe('Where the task stands now'),
  next: z.string().describe('What you do now'),
});

export function ended(answer: EndAnswer | Rejection, why: string): object | Rejection {
  if (isRejection(answer)) return answer;
  const { task, status } = answer;
  return { task, status, next: `${why} Your attempt is over and your work is kept: stop now.` };
}
