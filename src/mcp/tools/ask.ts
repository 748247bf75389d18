import { z } from 'zod';
import { blockTask } from '../../actions/end-attempt.ts';
import { limits } from '../../core/limits.ts';
import { adds, tool, type Tool } from '../tool.ts';
import { ended, endingOutput } from './ending.ts';

export const ask: Tool = tool({
  name: 'ask',
  title: 'Ask a person',
  description:
    'Ask a person a question that only a person can answer: a contradiction in what is asked, a choice with consequences, a missing ' +
    'right. It does not wait: the question goes to their inbox, YOUR ATTEMPT ENDS, and an agent goes on with the answer later. Commit ' +
    'your work before. Do not use it for what you can find out or decide yourself.',
  annotations: adds,
  input: z.strictObject({
    question: z
      .string()
      .min(1)
      .max(limits.notesLengthMax)
      .describe('The question with all that is needed to answer it, and the choices'),
  }),
  output: endingOutput,
  async call(context, { question }) {
    const answer = await blockTask(context, { task: null, reason: question, question: true, needs: [] });
    return ended(answer, 'The question waits for a person.');
  },
});
