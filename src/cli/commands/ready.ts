import type { Command } from '../command.ts';
import { painter } from '../output.ts';
import { taskLines } from '../words.ts';

/** Enough for any number of agents to choose from; asking for the best costs the same at any size of plan. */
const limitDefault = 100;

export const command: Command = {
  summary: 'Tasks that can be started now, best first.',
  usage: ['ready [--plan PLAN] [--agent NAME] [--limit N]'],
  examples: [
    ['orbit ready', 'all plans'],
    ['orbit ready --plan 001 --agent claude --json', 'what claude may take, for a script'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    agent: { kind: 'text', value: 'NAME', about: 'Only what this agent may take.' },
    limit: { kind: 'number', least: 1, about: `At most so many; ${limitDefault} by default.` },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { listReady } = await import('../../actions/list-tasks.ts');
    const plan = input.text('plan') ?? input.words[0] ?? context.caller.plan;
    const tasks = await listReady(context, {
      plan,
      agent: input.text('agent'),
      limit: input.number('limit') ?? limitDefault,
    });
    if (around.json) return { data: { tasks }, text: '' };
    const lines = taskLines(tasks, painter(around.environment));
    return {
      data: null,
      text: lines.length === 0 ? 'Nothing is ready. orbit blocked shows what waits for what.' : lines.join('\n'),
    };
  },
};
