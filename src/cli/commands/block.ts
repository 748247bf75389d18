import { attemptVerb } from '../attempt-verb.ts';
import type { Command } from '../command.ts';

export const command: Command = attemptVerb({
  verb: 'block',
  summary: 'Say that a task cannot go on: ask a person, or put other tasks first.',
  examples: [
    ['orbit block T031 "no access to the staging database"', 'a person has to help'],
    ['orbit block T031 --question "keep the old flag?"', 'a person has to answer'],
    ['orbit block T031 --needs T099 "the parser is broken"', 'T031 goes on when T099 is done'],
  ],
  flags: {
    question: { kind: 'switch', about: 'It is a question to a person.' },
    needs: { kind: 'texts', value: 'TASK', about: 'Another task has to be done first; may be given several times.' },
  },
  reason: { name: 'reason', default: null },
  run: async (context, order, input) =>
    (await import('../../actions/end-attempt.ts')).blockTask(context, {
      ...order,
      question: input.has('question'),
      needs: input.texts('needs'),
    }),
});
