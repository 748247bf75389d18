/**
 * What a person sees of a run: events as lines, a status line below them on a terminal, the summary at the end.
 *
 * Owns the putting together; words, counts and drawing have files of their own.
 */
import type { Context } from '../../actions/context.ts';
import { planOnOpenLine } from '../../actions/plan-lines.ts';
import type { RunSummary } from '../../coordinator/run.ts';
import type { Event } from '../../core/event.ts';
import { isLanded } from '../../core/status.ts';
import { printable } from '../../platform/text.ts';
import type { Around } from '../command.ts';
import { isColoured, isTerminal } from '../output.ts';
import { eventLine } from './event-line.ts';
import { count, newProgress, statusLine, type Progress } from './progress.ts';
import { Screen } from './screen.ts';
import { summaryLines, type SummaryOptions } from './summary.ts';

export interface RunView {
  show(event: Event): void;
  /** Says something in between, without harm to the status line. */
  notice: (text: string) => void;
  end(summary: RunSummary): Promise<void>;
}

/** Redraws of the status line: enough to see time pass, little enough for a slow connection. */
const redrawMs = 500;

export async function openView(context: Context, around: Around, plans: readonly string[]): Promise<RunView> {
  const { store, clock } = context;
  const startedAt = clock.now();
  const records = (await Promise.all(plans.map(async (plan) => store.tasks({ plan }, startedAt)))).flat();
  const titles = new Map(records.map(({ task }) => [task.key as string, task.title]));
  const tries = new Map(records.map(({ task }) => [task.key as string, task.attempts]));
  const progress = progressOf(records.map(({ task }) => task));
  const screen = new Screen({
    write: (text) => around.write(text),
    terminal: !around.quiet && isTerminal(1) && around.environment['TERM'] !== 'dumb',
    colour: isColoured(around.environment, 1),
    columns: () => process.stdout.columns ?? 80,
  });
  const redraw = (): void => screen.status(statusLine(progress, clock.now(), screen.columns));
  const timer = setInterval(redraw, redrawMs);
  timer.unref();
  return {
    show(event) {
      count(progress, event);
      if (event.task !== null && (event.body.type === 'task-created' || event.body.type === 'task-changed'))
        titles.set(event.task, event.body.definition.title);
      if (event.body.type === 'task-claimed' && event.task !== null)
        tries.set(event.task, (tries.get(event.task) ?? 0) + 1);
      const line = around.quiet ? null : eventLine(event, { titles, tries });
      if (line !== null)
        screen.line(`${stamp(event.at - startedAt)}  ${line.subject.padEnd(6)} ${line.text}`, line.tone, textColumn);
      redraw();
    },
    notice(text) {
      if (screen.isLive) screen.line(printable(text), 'warn');
      else around.warn(text);
    },
    async end(summary) {
      clearInterval(timer);
      screen.close();
      const options = await summaryOptions(context, summary, plans);
      screen.line('');
      for (const line of summaryLines(summary, options)) screen.line(line, 'plain', line.search(/\S|$/) + 2);
    },
  };
}

/** Looks which of the things to look at next are there. */
async function summaryOptions(context: Context, { left }: RunSummary, ids: readonly string[]): Promise<SummaryOptions> {
  const { store, clock } = context;
  const repository = await context.repository();
  const plans = [];
  for (const id of ids) {
    const plan = await store.plan(id);
    if (plan === null) continue;
    const { target } = await planOnOpenLine(store, plan, clock.now());
    plans.push({ id, target, hasTarget: (await repository.resolve(target)) !== null });
  }
  const [first] = left;
  const attempts = first === undefined ? [] : await store.attempts({ task: first.key });
  return { plans, hasLogs: attempts.some(({ logs }) => logs !== null), branch: await repository.currentBranch() };
}

/** Counts of what happened before this run. */
function progressOf(tasks: readonly Parameters<typeof isLanded>[0][]): Progress {
  const progress = newProgress(tasks.length);
  for (const task of tasks) {
    if (isLanded(task) || task.closed?.as === 'completed') progress.landed += 1;
    else if (task.closed !== null) progress.cancelled += 1;
    else if (task.inbox !== null) progress.needsYou += 1;
    else if (task.landing !== null) progress.queued += 1;
    else if (task.claim !== null) progress.running.set(task.id, { agent: task.claim.agent, since: task.claim.since });
  }
  return progress;
}

/** Where the text of an event's line begins. */
const textColumn = 18;

function stamp(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1).padStart(7)} s`;
}
