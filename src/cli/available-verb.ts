/** `available-tasks` and `list-available` (A6): what I may start, then what is blocked for me and on which tasks. */
import type { Context } from '../actions/context.ts';
import type { TaskView } from '../actions/task-view.ts';
import { oneLine } from '../platform/text.ts';
import type { Command } from './command.ts';

export interface AvailableVerb {
  verb: string;
  usage: Command['usage'];
  examples: Command['examples'];
}

export function availableCommand({ usage, examples }: AvailableVerb): Command {
  return {
    summary: 'What an agent may start now, and what it has to wait for.',
    usage,
    examples,
    flags: {
      agent: { kind: 'text', value: 'NAME', about: 'The agent; everybody by default.' },
      for: { kind: 'text', value: 'NAME', about: 'The same.' },
      plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    },
    words: { min: 0, max: 1, names: 'a plan' },
    async run(input, around) {
      const context = await around.project();
      const agent = input.text('agent') ?? input.text('for') ?? context.caller.agent;
      const plan = input.words[0] ?? input.text('plan') ?? context.caller.plan;
      const { available, blocked, running } = await look(context, plan, agent);
      if (around.json) return { data: { agent, available, blocked, running }, text: '' };
      const whom = agent === null ? '' : ` for ${oneLine(agent, nameWidthMax)}`;
      const name = (task: TaskView): string =>
        `  ${plan === null ? task.key : task.id} ${oneLine(task.title, titleWidthMax)}`;
      const lines = [`Available${whom}:`, ...available.map(name), ...(available.length === 0 ? ['  nothing now'] : [])];
      if (running.length > 0)
        lines.push('', `At work${whom}:`, ...running.map((task) => `${name(task)} (${task.holder ?? ''})`));
      if (blocked.length > 0)
        lines.push(
          '',
          `Blocked${whom}:`,
          ...blocked.map((task) => `${name(task)} - waits for ${task.waitingFor.join(', ')}`),
        );
      return { data: null, text: lines.join('\n') };
    },
  };
}

/** Names that can be are shorter. */
const nameWidthMax = 80;
const titleWidthMax = 120;

async function look(
  context: Context,
  plan: string | null,
  agent: string | null,
): Promise<{ available: TaskView[]; blocked: TaskView[]; running: TaskView[] }> {
  const { listReady, listTasks } = await import('../actions/list-tasks.ts');
  const available = await listReady(context, { plan, agent, limit: 1000 });
  const blocked = await listTasks(context, { plan, agent, status: ['blocked'] });
  const running = await listTasks(context, { plan, agent, status: ['running'] });
  return { available, blocked, running: agent === null ? running : running.filter(({ holder }) => holder === agent) };
}
