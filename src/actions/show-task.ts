/** Everything known about one task: what was asked, its facts, attempts, children, dependants and last events. Reads only. */
import type { Attempt } from '../core/attempt.ts';
import type { Event } from '../core/event.ts';
import type { Task } from '../core/task.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { conflictsOfTask, type ConflictView } from './present-conflicts.ts';
import { shortId, viewTasks, type TaskView } from './task-view.ts';

export interface TaskDetail extends TaskView {
  body: string;
  parent: string | null;
  scope: readonly string[];
  checks: readonly string[];
  dependants: readonly string[];
  children: readonly { id: string; title: string; status: string }[];
  claim: Task['claim'];
  evidence: Task['evidence'];
  landing: Task['landing'];
  inbox: Task['inbox'];
  hold: Task['hold'];
  failures: Task['failures'];
  advice: string | null;
  pullRequest: Task['pr'];
  spentMs: number;
  /** Conflicts seen ahead that are there now. */
  conflicts: readonly ConflictView[];
  tries: readonly Attempt[];
  events: readonly Event[];
}

const eventsShown = 20;

export async function showTask(
  context: Context,
  { task: text, plan }: { task: string; plan: string | null },
): Promise<TaskDetail> {
  const record = await findTask(context, text, plan);
  const { task } = record;
  const [view] = await viewTasks(context, [record]);
  const children = (await context.store.tasks({ plan: task.plan }, context.clock.now())).filter(
    (each) => each.task.parent === task.id,
  );
  const events = await context.store.events({ since: 0, task: task.key });
  return {
    ...(view as TaskView),
    body: task.body,
    parent: task.parent,
    scope: task.scope,
    checks: task.checks,
    dependants: (await context.store.dependants(task.key)).map((key) => shortId(key, task.plan)),
    children: (await viewTasks(context, children)).map(({ id, title, status }) => ({ id, title, status })),
    claim: task.claim,
    evidence: task.evidence,
    landing: task.landing,
    inbox: task.inbox,
    hold: task.hold,
    failures: task.failures,
    advice: task.advice,
    pullRequest: task.pr,
    spentMs: task.spentMs,
    conflicts: await conflictsOfTask(context, task),
    tries: await context.store.attempts({ task: task.key }),
    events: events.slice(-eventsShown),
  };
}
