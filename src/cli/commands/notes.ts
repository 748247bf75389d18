import { oneLine, printable } from '../../platform/text.ts';
import type { Command } from '../command.ts';

const limitDefault = 20;
/** Of a title or path. */
const widthMax = 200;

export const command: Command = {
  summary: 'Findings that match some words, best first; the newest without words.',
  usage: ['notes [WORDS…]'],
  examples: [['orbit notes clock tests', 'what anybody found about them']],
  flags: { limit: { kind: 'number', least: 1, about: `At most so many; ${limitDefault} by default.` } },
  words: { min: 0, max: 50, names: 'words' },
  async run(input, around) {
    const context = await around.project();
    const { findNotes } = await import('../../actions/message.ts');
    const notes = await findNotes(context, {
      words: input.words.join(' '),
      limit: input.number('limit') ?? limitDefault,
    });
    const text = notes.map(
      (one) =>
        `${one.kind}: ${oneLine(one.title, widthMax)}  (${one.author}${one.paths.length === 0 ? '' : `, ${one.paths.map((path) => oneLine(path, widthMax)).join(', ')}`})\n  ${printable(one.text).replaceAll('\n', '\n  ')}`,
    );
    return { data: { notes }, text: text.length === 0 ? 'Nothing is noted about that.' : text.join('\n') };
  },
};
