import { attemptVerb } from '../attempt-verb.ts';
import type { Command } from '../command.ts';

export const command: Command = attemptVerb({
  verb: 'release',
  summary: 'Give a task back, without blame and without an attempt counted.',
  examples: [['orbit release T031', 'others may take it']],
  reason: { name: 'reason', default: 'given back' },
  run: async (context, order) => (await import('../../actions/end-attempt.ts')).releaseTask(context, order),
});
