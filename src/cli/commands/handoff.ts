import { attemptVerb } from '../attempt-verb.ts';
import type { Command } from '../command.ts';

export const command: Command = attemptVerb({
  verb: 'handoff',
  summary: 'Give a task to a fresh agent, with notes on where it stands.',
  examples: [['orbit handoff T031 "parser done, writer missing"', 'the notes reach whoever goes on']],
  reason: { name: 'notes', default: null },
  run: async (context, order) => (await import('../../actions/end-attempt.ts')).handOff(context, order),
});
