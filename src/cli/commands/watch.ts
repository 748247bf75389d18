import { oneLine, safeJson } from '../../platform/text.ts';
import type { EventView } from '../../actions/list-events.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Print events as they happen, until Ctrl-C.',
  usage: ['watch [--plan PLAN] [--since N] [--for STATUS --task TASK]'],
  examples: [
    ['orbit watch --plan 001', 'what happens from now on'],
    ['orbit watch --task T031 --for done,landed,needs-you', 'waits until T031 is one of these'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    task: { kind: 'text', value: 'TASK', about: 'Only this task.' },
    since: { kind: 'number', least: 0, about: 'Begin after this event; now by default.' },
    for: { kind: 'text', value: 'S,S', about: 'With --task: end as soon as it has such a status.' },
    'timeout-s': { kind: 'number', about: 'End after so many seconds with exit code 124.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
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

/** The doorbell is a hint; this look is the promise. */
const lookMs = 1_000;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function line({ seq, at, actor, type, task, plan, data }: EventView): string {
  return `${seq}  ${at}  ${actor}  ${type}  ${task ?? plan ?? ''}  ${oneLine(JSON.stringify(data), 100)}`;
}
