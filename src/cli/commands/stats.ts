import type { Context } from '../../actions/context.ts';
import { version } from '../../platform/version.ts';
import type { Answer, Command } from '../command.ts';
import { columns } from '../output.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: 'Counts of tasks, attempts and time.',
  usage: ['stats [--plan PLAN]', 'stats --metrics'],
  examples: [
    ['orbit stats --plan 001', 'how many tasks of 001 are in which status'],
    ['orbit stats --metrics > /var/lib/node_exporter/orbit.prom', 'for Prometheus, where nothing serves them'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    metrics: { kind: 'switch', about: "The whole project in Prometheus' text format." },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    if (input.has('metrics')) return metrics(context);
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

async function metrics(context: Context): Promise<Answer> {
  const [{ measureProject }, { metricsText }] = await Promise.all([
    import('../../actions/measure-project.ts'),
    import('../../api/metrics.ts'),
  ]);
  const project = await measureProject(context);
  return { data: project, text: metricsText({ project, version, process: null, ticks: null }).trimEnd() };
}
