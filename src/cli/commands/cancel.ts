import type { Command } from '../command.ts';
import { steerVerb } from '../steer-verb.ts';

export const command: Command = steerVerb({
  verb: 'cancel',
  summary: 'Take a task out of its plan; a running attempt is ended, its work kept.',
  examples: [['orbit cancel T031 --reason "not needed any more"', 'who depends on it is told']],
  flag: { name: 'reason', about: 'Why.' },
  steering: (why) => ({ type: 'cancel', why: why ?? 'cancelled by hand' }),
});
