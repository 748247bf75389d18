import type { TaskKey } from '../../core/id.ts';
import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { columns } from '../output.ts';

const limitDefault = 1000;

export const command: Command = {
  summary: 'The log of everything that changed, in order.',
  usage: ['events [--since N] [--task TASK] [--plan PLAN] [--verify]'],
  examples: [
    ['orbit events --since 120 --json', 'all events after number 120'],
    ['orbit events --task T031', 'the story of one task'],
    ['orbit events --verify', 'checks that nobody edited the log'],
  ],
  flags: {
    since: { kind: 'number', least: 0, about: 'Only events after this number; 0 by default.' },
    limit: { kind: 'number', least: 1, about: `At most so many; ${limitDefault} by default.` },
    task: { kind: 'text', value: 'TASK', about: 'Only of this task.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Only of this plan.' },
    verify: { kind: 'switch', about: 'Recompute the hash chain over the whole log.' },
  },
  words: { min: 0, max: 1, names: 'a number' },
  async run(input, around) {
    if (input.has('verify')) return (await import('./verify.ts')).command.run(input, around);
    const context = await around.project();
    const { listEvents } = await import('../../actions/list-events.ts');
    const text = input.text('task');
    const plan = input.text('plan');
    let task: TaskKey | undefined;
    if (text !== null)
      task = (await (await import('../../actions/find-task.ts')).findTask(context, text, plan)).task.key;
    if (text === null && plan !== null) await (await import('../../actions/find-task.ts')).requirePlan(context, plan);
    const events = await listEvents(context, {
      since: input.number('since') ?? readNumber(input.words[0] ?? '0'),
      limit: input.number('limit') ?? limitDefault,
      ...(task === undefined ? (plan === null ? {} : { plan }) : { task }),
    });
    if (around.json) return { data: { events }, text: '' };
    const rows = events.map((event) => [
      String(event.seq),
      event.at,
      event.actor,
      event.type,
      event.task ?? event.plan ?? '',
      oneLine(JSON.stringify(event.data), 80),
    ]);
    return { data: null, text: columns(rows).join('\n') };
  },
};

function readNumber(word: string): number {
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw new UsageError('bad-flag', `${JSON.stringify(word)} is no number of an event`, 'orbit events --since 120');
}
