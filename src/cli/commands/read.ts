import { printable } from '../../platform/text.ts';
import type { Command } from '../command.ts';

const limitDefault = 50;

export const command: Command = {
  summary: 'Messages to you, oldest first; orbit ack takes them off.',
  usage: ['read [--for NAME] [--all]'],
  examples: [['orbit read --for claude-2', 'what claude-2 has not acknowledged yet']],
  flags: {
    for: { kind: 'text', value: 'NAME', about: 'Whose messages; yours by default.' },
    all: { kind: 'switch', about: 'Acknowledged ones too.' },
    limit: { kind: 'number', least: 1, about: `At most so many; ${limitDefault} by default.` },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const { readMessages } = await import('../../actions/message.ts');
    const messages = await readMessages(context, {
      to: input.text('for'),
      all: input.has('all'),
      limit: input.number('limit') ?? limitDefault,
    });
    const text = messages.map(
      (one) =>
        `${one.id}  ${new Date(one.at).toISOString()}  ${one.from}${one.task === null ? '' : ` about ${one.task}`}\n  ${printable(one.text).replaceAll('\n', '\n  ')}`,
    );
    return { data: { messages }, text: text.length === 0 ? 'No message.' : text.join('\n') };
  },
};
