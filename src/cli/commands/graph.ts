import { oneLine } from '../../platform/text.ts';
import { UsageError } from '../../platform/error.ts';
import type { TaskView } from '../../actions/task-view.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'The dependencies of a plan as text or as a Mermaid diagram.',
  usage: ['graph [PLAN] [--format text|mermaid]'],
  examples: [
    ['orbit graph 001', 'each task with what it needs'],
    ['orbit graph 001 --format mermaid > plan.mmd', 'for a page that draws Mermaid'],
  ],
  flags: {
    format: { kind: 'text', value: 'FORMAT', about: 'text (default) or mermaid.' },
    plan: { kind: 'text', value: 'PLAN', about: 'The plan.' },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const format = input.text('format') ?? 'text';
    if (format !== 'text' && format !== 'mermaid')
      throw new UsageError(
        'bad-flag',
        `--format knows text and mermaid, not ${JSON.stringify(format)}`,
        'orbit graph 001 --format mermaid',
      );
    const context = await around.project();
    const { listTasks } = await import('../../actions/list-tasks.ts');
    const tasks = await listTasks(context, { plan: input.words[0] ?? input.text('plan'), agent: null });
    const edges = tasks.flatMap((task) => task.dependencies.map((from) => ({ from, to: task.id })));
    const nodes = tasks.map(({ id, title, status, layer }) => ({ id, title, status, layer }));
    return { data: { nodes, edges }, text: (format === 'mermaid' ? mermaid(tasks) : plain(tasks)).join('\n') };
  },
};

function plain(tasks: readonly TaskView[]): string[] {
  return tasks.map(
    ({ id, status, dependencies, title }) =>
      `${id} ${status}${dependencies.length === 0 ? '' : ` <- ${dependencies.join(', ')}`}  ${oneLine(title, 60)}`,
  );
}

/** Node names are made here: ids may hold characters that Mermaid reads as syntax, and titles go in as entities. */
function mermaid(tasks: readonly TaskView[]): string[] {
  const name = new Map(tasks.map(({ id }, at) => [id, `n${at}`]));
  const layers = new Map<number | null, TaskView[]>();
  for (const task of tasks) layers.set(task.layer, [...(layers.get(task.layer) ?? []), task]);
  const lines = ['flowchart LR'];
  for (const [layer, members] of layers) {
    if (layer !== null) lines.push(`  subgraph layer${layer}["Layer ${layer}"]`);
    lines.push(
      ...members.map(
        (task) =>
          `    ${name.get(task.id)}["${escape(`${task.id} ${oneLine(task.title, 60)}`)}"]:::${task.status.replace('-', '')}`,
      ),
    );
    if (layer !== null) lines.push('  end');
  }
  for (const task of tasks) {
    for (const needed of task.dependencies)
      if (name.has(needed)) lines.push(`  ${name.get(needed)} --> ${name.get(task.id)}`);
  }
  lines.push(
    '  classDef landed fill:#bfe3c0',
    '  classDef done fill:#dff0d8',
    '  classDef running fill:#fff3cd',
    '  classDef needsyou fill:#f8d7da',
  );
  return lines;
}

function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:()/_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
