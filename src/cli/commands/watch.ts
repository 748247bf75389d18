import { oneLine, safeJson } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { EventView } from '../../actions/list-events.ts';
import type { Answer, Around, Command } from '../command.ts';
import { showsUnicode } from '../watch/unicode.ts';

export const command: Command = {
  summary: 'Show what goes on and act on it by keys; without a terminal, print the picture once.',
  usage: [
    'watch [--plan PLAN] [--once|--line]',
    'watch --events [--plan PLAN] [--since N]',
    'watch --task TASK --for STATUS [--timeout-s N]',
  ],
  examples: [
    ['orbit watch --plan 001', 'layers, agents, queue and inbox; live; ? shows the keys'],
    ['orbit watch --once', 'the same once, as text; with --json for programs'],
    ['orbit watch --line', 'one line, for the status line of tmux or a prompt'],
    ['orbit watch --events --plan 001', 'events from now on, a line each'],
    ['orbit watch --task T031 --for done,landed,needs-you', 'waits until T031 is one of these'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    task: { kind: 'text', value: 'TASK', about: 'Only this task.' },
    once: { kind: 'switch', about: 'Print the picture once and end.' },
    line: { kind: 'switch', about: 'Print one line and end.' },
    events: { kind: 'switch', about: 'Print events; so does --since, --task, or --json without --once.' },
    since: { kind: 'number', least: 0, about: 'Begin after this event; now by default.' },
    for: { kind: 'text', value: 'S,S', about: 'With --task: end as soon as it has such a status.' },
    'timeout-s': { kind: 'number', about: 'End after so many seconds with exit code 124.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    if (input.has('line')) return line(context, input.text('plan'), around);
    const wantsEvents = ['events', 'since', 'task', 'for', 'timeout-s'].some((flag) => input.has(flag));
    if (input.has('once') || (!wantsEvents && !around.json && !isScreen(around)))
      return once(context, input.text('plan'), around);
    if (!wantsEvents && !around.json) {
      const { showBoard } = await import('../watch/live.ts');
      const over = new AbortController();
      let ended: NodeJS.Signals | null = null;
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.once(name, () => {
          ended = name;
          over.abort();
        });
      await showBoard(context, { plan: input.text('plan'), around, signal: over.signal });
      return {
        data: null,
        text: '',
        ...(ended === null || ended === 'SIGINT' ? {} : { exitCode: signalCodes[ended] }),
      };
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
        around.write(`${around.json ? safeJson(event) : eventText(event)}\n`);
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

/** What a shell tells of a program that ended by such a signal. */
const signalCodes: Readonly<Record<string, number>> = { SIGTERM: 143, SIGHUP: 129 };

/** A terminal that can be drawn on. */
function isScreen({ environment }: Around): boolean {
  return process.stdout.isTTY && environment['TERM'] !== 'dumb';
}

/** What a pipe is wide, where nobody says. */
const pipeColumns = 120;

async function once(context: Context, plan: string | null, around: Around): Promise<Answer> {
  if (around.json) {
    const { lookAround } = await import('../../actions/look-around.ts');
    return { data: await lookAround(context, plan), text: '' };
  }
  const { terminalText } = await import('../../actions/terminal-view.ts');
  const named = Number(around.environment['COLUMNS'] ?? '');
  const columns = process.stdout.columns ?? (named > 0 ? named : pipeColumns);
  const text = await terminalText(context, { plan, columns, unicode: showsUnicode(around.environment) });
  return { data: null, text };
}

async function line(context: Context, plan: string | null, around: Around): Promise<Answer> {
  const [{ lookAround }, { statusLine }] = await Promise.all([
    import('../../actions/look-around.ts'),
    import('../../actions/board/status-line.ts'),
  ]);
  const text = statusLine(await lookAround(context, plan), showsUnicode(around.environment));
  return { data: { line: text }, text };
}

/** The doorbell is a hint; this look is the promise. */
const lookMs = 1_000;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function eventText({ seq, at, actor, type, task, plan, data }: EventView): string {
  return `${seq}  ${at}  ${actor}  ${type}  ${task ?? plan ?? ''}  ${oneLine(JSON.stringify(data), 100)}`;
}
