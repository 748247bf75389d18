import { z } from 'zod';
import { blockTask } from '../../actions/end-attempt.ts';
import { limits } from '../../core/limits.ts';
import { adds, tool, type Tool } from '../tool.ts';
import { ended, endingOutput } from './ending.ts';
import { newTaskFields, newTaskInput } from './new-task.ts';

export const block: Tool = tool({
  name: 'block',
  title: 'Put another task first',
  description:
    'Say that your task cannot go on before something else is done. Name the tasks it needs (on), or describe a new task that removes the ' +
    'obstacle (new_task), or both. YOUR ATTEMPT ENDS; the task comes back by itself when those are done, from where you stood: commit your ' +
    'work before. With neither, a person is told that you are stuck.',
  annotations: adds,
  input: z.strictObject({
    reason: z.string().min(1).max(limits.notesLengthMax).describe('What is in the way'),
    on: z.array(z.string().max(200)).max(20).optional().describe('Ids of existing tasks, such as T031'),
    new_task: newTaskInput.optional().describe('A task that does not exist yet'),
  }),
  output: endingOutput,
  async call(context, { reason, on = [], new_task: wanted }) {
    const make = wanted === undefined ? null : newTaskFields(wanted);
    const answer = await blockTask(context, { task: null, reason, question: false, needs: on, make });
    const hasNeeds = on.length > 0 || make !== null;
    return ended(answer, hasNeeds ? 'It comes back when that is done.' : 'A person is told.');
  },
});
