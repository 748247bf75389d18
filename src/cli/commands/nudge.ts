import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';
import { steerVerb } from '../steer-verb.ts';

export const command: Command = steerVerb({
  verb: 'nudge',
  summary: 'Tell the next attempt at a task something.',
  examples: [['orbit nudge T031 "look at src/http.ts first"', 'stands in the prompt of the next attempt']],
  flag: { name: 'text', about: 'What to tell.' },
  steering(text) {
    if (text === null || text.trim() === '')
      throw new UsageError(
        'missing-argument',
        'orbit nudge needs a text',
        'orbit nudge T031 "look at src/http.ts first"',
      );
    return { type: 'advise', advice: text };
  },
});
