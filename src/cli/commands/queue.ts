import type { Command } from '../command.ts';
import { queueLines } from '../queue-words.ts';

export const command: Command = {
  summary: 'What waits to land, what is being validated, what was put back, what landed last.',
  usage: ['queue [PLAN]'],
  examples: [['orbit queue 001', 'the landing queue of 001']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' } },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { listQueue } = await import('../../actions/list-queue.ts');
    const { queue, trains } = await listQueue(context, input.words[0] ?? input.text('plan') ?? null);
    return { data: { queue, trains }, text: queueLines(queue, trains, context.clock.now()).join('\n') };
  },
};
