import { taskStatuses } from '../../core/status.ts';
import type { Command } from '../command.ts';
import { heldAmong } from '../held-among.ts';
import { painter } from '../output.ts';
import { taskLines } from '../words.ts';

export const command: Command = {
  summary: 'All tasks, or those of a status.',
  usage: ['list [--plan PLAN] [--status S,S] [--agent NAME]'],
  examples: [
    ['orbit list --plan 001', 'the whole plan in the order of its file'],
    ['orbit list --status running,needs-you', 'what moves and what waits for you'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    status: { kind: 'text', value: 'S,S', about: `Of ${taskStatuses.join(', ')}.` },
    agent: { kind: 'text', value: 'NAME', about: 'Only what this agent may take.' },
    limit: { kind: 'number', least: 1, about: 'At most so many.' },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { listTasks, readStatuses } = await import('../../actions/list-tasks.ts');
    const status = input.text('status');
    const limit = input.number('limit');
    const plan = input.text('plan') ?? input.words[0] ?? null;
    const tasks = await listTasks(context, {
      plan,
      agent: input.text('agent'),
      ...(status === null ? {} : { status: readStatuses(status) }),
      ...(limit === null ? {} : { limit }),
    });
    if (around.json) return { data: { tasks }, text: '' };
    const lines = taskLines(tasks, painter(around.environment));
    const shown = new Set(tasks.map(({ key }) => key as string));
    lines.push(...(await heldAmong(context, plan, shown)));
    return { data: null, text: lines.length === 0 ? 'No such task.' : lines.join('\n') };
  },
};
