import type { Command } from '../command.ts';
import { steerVerb } from '../steer-verb.ts';

export const command: Command = steerVerb({
  verb: 'reopen',
  summary: 'Take back that a task is finished or cancelled.',
  examples: [['orbit reopen T031 --reason "the review found a hole"', 'it can be claimed again']],
  flag: { name: 'reason', about: 'Why.' },
  steering: (why) => ({ type: 'reopen', why: why ?? 'reopened by hand' }),
});
