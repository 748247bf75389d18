import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Record a finding that others should know.',
  usage: ['note TITLE TEXT [--kind KIND] [--path PATH]…'],
  examples: [
    [
      'orbit note "tests need a clock" "inject it, src/clock.ts" --kind gotcha --path src/clock.ts',
      'found by orbit notes clock',
    ],
  ],
  flags: {
    kind: { kind: 'text', value: 'KIND', about: 'decision, interface, gotcha (default), failed-approach or claim.' },
    path: { kind: 'texts', value: 'PATH', about: 'A path it is about; may be given several times.' },
    task: { kind: 'text', value: 'TASK', about: 'The task it came from.' },
  },
  words: { min: 1, max: 2, names: 'a title and a text' },
  async run(input, around) {
    const { noteKinds, recordNote } = await import('../../actions/message.ts');
    const word = input.text('kind') ?? 'gotcha';
    const kind = noteKinds.find((each) => each === word);
    if (kind === undefined)
      throw new UsageError('bad-flag', `there is no kind ${JSON.stringify(word)}`, `known: ${noteKinds.join(', ')}`);
    const context = await around.project();
    const [title = '', text = title] = input.words;
    const note = await recordNote(context, { kind, title, text, paths: input.texts('path'), task: input.text('task') });
    return { data: note, text: `Noted as ${note.id}.` };
  },
};
