import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Acknowledge messages: all that wait, or some by id.',
  usage: ['ack [ID…] [--for NAME]'],
  examples: [['orbit ack', 'everything read so far']],
  flags: { for: { kind: 'text', value: 'NAME', about: 'Whose messages; yours by default.' } },
  words: { min: 0, max: 1000, names: 'ids' },
  async run(input, around) {
    const context = await around.project();
    const { acknowledge } = await import('../../actions/message.ts');
    const acknowledged = await acknowledge(context, { to: input.text('for'), ids: input.words });
    return { data: { acknowledged }, text: `${acknowledged} acknowledged.` };
  },
};
