import { attemptVerb } from '../attempt-verb.ts';
import type { Command } from '../command.ts';

export const command: Command = attemptVerb({
  verb: 'fail',
  summary: 'Give up on a task; it is tried again within its budget, with the reason.',
  examples: [['orbit fail T031 "the API has no such call"', 'the next attempt learns it']],
  reason: { name: 'reason', default: null },
  run: async (context, order) => (await import('../../actions/end-attempt.ts')).failTask(context, order),
});
