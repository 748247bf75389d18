import type { Command } from '../command.ts';
import { heldAmong } from '../held-among.ts';
import { painter } from '../output.ts';
import { taskLines } from '../words.ts';

export const command: Command = {
  summary: 'Tasks that wait for other tasks, and for which.',
  usage: ['blocked [--plan PLAN] [--agent NAME]'],
  examples: [['orbit blocked --plan 001', 'each with what it waits for']],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    agent: { kind: 'text', value: 'NAME', about: 'Only what this agent may take.' },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { listTasks } = await import('../../actions/list-tasks.ts');
    const plan = input.text('plan') ?? input.words[0] ?? null;
    const tasks = await listTasks(context, { plan, agent: input.text('agent'), status: ['blocked'] });
    if (around.json) return { data: { tasks }, text: '' };
    const lines = taskLines(tasks, painter(around.environment));
    const needed = new Set(
      tasks.flatMap((task) => task.waitingFor.map((id) => (id.includes('/') ? id : `${task.plan}/${id}`))),
    );
    lines.push(...(await heldAmong(context, null, needed)));
    return { data: null, text: lines.length === 0 ? 'Nothing is blocked.' : lines.join('\n') };
  },
};
