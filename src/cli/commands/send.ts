import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Send a message to an agent, or to the person in charge.',
  usage: ['send TO TEXT [--task TASK]'],
  examples: [
    ['orbit send claude-2 "the client now throws on 404"', 'kept until it is acknowledged'],
    ['orbit send person "the specification contradicts itself"', 'to the person'],
  ],
  flags: {
    task: { kind: 'text', value: 'TASK', about: 'What it is about.' },
    id: { kind: 'text', value: 'ID', about: 'Sending the same id again changes nothing.' },
  },
  words: { min: 2, max: 2, names: 'a recipient and a text' },
  async run(input, around) {
    const context = await around.project();
    const { sendMessage } = await import('../../actions/message.ts');
    const [to = '', text = ''] = input.words;
    const message = await sendMessage(context, { to, text, task: input.text('task'), id: input.text('id') });
    return { data: message, text: `Sent to ${message.to}, number ${message.order} from ${message.from}.` };
  },
};
