import type { Command } from '../command.ts';
import { steerVerb } from '../steer-verb.ts';

export const command: Command = steerVerb({
  verb: 'retry',
  summary: 'Send a task round again: answers what waits for you, ends a wait.',
  examples: [['orbit retry T031 --advice "the port is 8081 now"', 'with an answer for the agent']],
  flag: { name: 'advice', about: 'What the next attempt should know.' },
  steering: (advice) => ({ type: 'retry', advice }),
});
