import { oneLine, safeJson } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { EventView } from '../../actions/list-events.ts';
import type { Answer, Around, Command } from '../command.ts';
import { isTerminal } from '../output.ts';

export const command: Command = {
  summary: 'Show what every agent does now; without a terminal, print events as they happen.',
  usage: [
    'watch [--plan PLAN] [--once]',
    'watch --events [--plan PLAN] [--since N]',
    'watch --task TASK --for STATUS [--timeout-s N]',
  ],
  examples: [
    ['orbit watch --plan 001', 'agents with step, context, cost and todo list, the queue, what needs you; live'],
    ['orbit watch --once', 'the same once, as text; with --json for programs'],
    ['orbit watch --events --plan 001', 'events from now on, a line each'],
    ['orbit watch --task T031 --for done,landed,needs-you', 'waits until T031 is one of these'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    task: { kind: 'text', value: 'TASK', about: 'Only this task.' },
    once: { kind: 'switch', about: 'Print the board once and end.' },
    events: {
      kind: 'switch',
      about: 'Print events; the default without a terminal, and with --since, --task or --json.',
    },
    since: { kind: 'number', least: 0, about: 'Begin after this event; now by default.' },
    for: { kind: 'text', value: 'S,S', about: 'With --task: end as soon as it has such a status.' },
    'timeout-s': { kind: 'number', about: 'End after so many seconds with exit code 124.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const wantsEvents = ['events', 'since', 'task', 'for', 'timeout-s'].some((flag) => input.has(flag));
    if (input.has('once')) return once(context, input.text('plan'), around);
    if (!wantsEvents && !around.json && isTerminal(1)) {
      const { showBoard } = await import('../watch/live.ts');
      const over = new AbortController();
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => over.abort());
      await showBoard(context, { plan: input.text('plan'), around, signal: over.signal });
      return { data: null, text: '' };
    }
    const { listEvents } = await import('../../actions/list-events.ts');
    const { readStatuses } = await import('../../actions/list-tasks.ts');
    const { findTask } = await import('../../actions/find-task.ts');
    const { deriveStatus } = await import('../../core/status.ts');
    const named = input.text('task');
    const plan = input.text('plan');
    const key = named === null ? null : (await findTask(context, named, plan)).task.key;
    const wanted = readStatuses(input.text('for') ?? 'landed,cancelled');
    const deadline =
      input.number('timeout-s') === null
        ? Infinity
        : context.clock.monotonicMs() + (input.number('timeout-s') ?? 0) * 1000;
    let since = input.number('since') ?? (await context.store.lastSeq());
    let ring = (): void => undefined;
    using _watch = context.store.watch(() => ring());
    for (;;) {
      const rung = new Promise<void>((resolve) => (ring = resolve));
      const events = await listEvents(context, {
        since,
        ...(key !== null ? { task: key } : plan === null ? {} : { plan }),
      });
      for (const event of events) {
        since = event.seq;
        around.write(`${around.json ? safeJson(event) : line(event)}\n`);
      }
      if (key !== null && input.has('for')) {
        const record = await context.store.task(key);
        if (record !== null && wanted.includes(deriveStatus(record.task, record.unmet, context.clock.now())))
          return { data: null, text: '' };
      }
      const leftMs = deadline - context.clock.monotonicMs();
      if (leftMs <= 0) return { data: null, text: '', exitCode: 124 };
      await Promise.race([rung, pause(Math.min(leftMs, lookMs))]);
    }
  },
};

async function once(context: Context, plan: string | null, around: Around): Promise<Answer> {
  if (around.json) {
    const { lookAround } = await import('../../actions/look-around.ts');
    return { data: await lookAround(context, plan), text: '' };
  }
  const { boardText } = await import('../watch/live.ts');
  return { data: null, text: await boardText(context, plan, around) };
}

/** The doorbell is a hint; this look is the promise. */
const lookMs = 1_000;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function line({ seq, at, actor, type, task, plan, data }: EventView): string {
  return `${seq}  ${at}  ${actor}  ${type}  ${task ?? plan ?? ''}  ${oneLine(JSON.stringify(data), 100)}`;
}
