import type { Command } from '../command.ts';
import { columns } from '../output.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: 'Counts of tasks, attempts and time.',
  usage: ['stats [--plan PLAN]'],
  examples: [['orbit stats --plan 001', 'how many tasks of 001 are in which status']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' } },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { countTasks } = await import('../../actions/count-tasks.ts');
    const counts = await countTasks(context, input.text('plan') ?? input.words[0] ?? null);
    const rows = Object.entries(counts.byStatus)
      .filter(([, number]) => number > 0)
      .map(([status, number]) => [`  ${status}`, String(number)]);
    const agents = Object.entries(counts.byAgent).map(([agent, { done, running }]) => [
      `  ${agent}`,
      `${done} done`,
      `${running} running`,
    ]);
    const lines = [
      `${counts.total} tasks`,
      ...columns(rows),
      ...(agents.length === 0 ? [] : ['Agents', ...columns(agents)]),
    ];
    lines.push(`${counts.attempts} attempts, ${counts.failures} failed, ${duration(counts.spentMs)} of work`);
    return { data: counts, text: lines.join('\n') };
  },
};
