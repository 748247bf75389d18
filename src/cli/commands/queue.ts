import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { columns } from '../output.ts';

export const command: Command = {
  summary: 'What waits to land, and what landed last.',
  usage: ['queue [PLAN]'],
  examples: [['orbit queue 001', 'the landing queue of 001']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' } },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { listQueue } = await import('../../actions/list-queue.ts');
    const queue = await listQueue(context, input.words[0] ?? input.text('plan') ?? null);
    const rows = queue.map((entry) => [
      `${entry.plan}/${entry.task}`,
      entry.state,
      entry.landedAs?.slice(0, 12) ?? entry.commit?.slice(0, 12) ?? '',
      oneLine(entry.title, 60),
    ]);
    return { data: { queue }, text: rows.length === 0 ? 'Nothing waits to land.' : columns(rows).join('\n') };
  },
};
