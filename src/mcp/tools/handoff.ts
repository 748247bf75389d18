import { z } from 'zod';
import { handOff } from '../../actions/end-attempt.ts';
import { limits } from '../../core/limits.ts';
import { adds, tool, type Tool } from '../tool.ts';
import { ended, endingOutput } from './ending.ts';

export const handoff: Tool = tool({
  name: 'handoff',
  title: 'Hand over to a fresh agent',
  description:
    'Give the task to a fresh agent because you cannot finish it well: your context is nearly full, or you are stuck and somebody new ' +
    'would do better. YOUR ATTEMPT ENDS. Commit what is good first; your notes are all that the next agent learns from you.',
  annotations: adds,
  input: z.strictObject({
    notes: z
      .string()
      .min(1)
      .max(limits.notesLengthMax)
      .describe('What is done, what is left, what did not work and why, where to go on'),
  }),
  output: endingOutput,
  async call(context, { notes }) {
    return ended(await handOff(context, { task: null, reason: notes }), 'A fresh agent goes on with your notes.');
  },
});
