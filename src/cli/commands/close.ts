import type { Command } from '../command.ts';
import { steerVerb } from '../steer-verb.ts';

export const command: Command = steerVerb({
  verb: 'close',
  summary: 'Call a task finished on your word; who depends on it may start.',
  examples: [['orbit close T031 --reason "done in another repository"', 'no proof is asked for']],
  flag: { name: 'reason', about: 'Why.' },
  steering: (why) => ({ type: 'close', why: why ?? 'closed by hand' }),
});
