/** Everything known about one task, in the form that other programs read: times as texts, nothing of the store's own. Reads only. */
import type { Task } from '../core/task.ts';
import type { Context } from './context.ts';
import { viewAttempt, type AttemptView } from './list-attempts.ts';
import { viewEvent, type EventView } from './list-events.ts';
import { heldReason } from './list-held.ts';
import type { ConflictView } from './present-conflicts.ts';
import { showTask, type TaskDetail } from './show-task.ts';
import type { TaskView } from './task-view.ts';

export interface PresentedTask extends TaskView {
  body: string;
  parent: string | null;
  scope: readonly string[];
  checks: readonly string[];
  dependants: readonly string[];
  children: TaskDetail['children'];
  advice: string | null;
  hold: { why: string; by: string; at: string } | null;
  inbox: { kind: string; reason: string; at: string; token: number | null } | null;
  evidence: {
    agent: string;
    commit: string | null;
    base: string | null;
    tree: string | null;
    branch: string | null;
    commits: number;
    files: number;
    checks: readonly string[];
    noChanges: string | null;
    at: string;
  } | null;
  /** `held`: what keeps it from landing though nothing is wrong with the work. */
  landing: {
    state: string;
    commit: string;
    queuedAt: string;
    landedAs: string | null;
    landedAt: string | null;
    held: string | null;
  } | null;
  conflicts: readonly Pick<ConflictView, 'with' | 'title' | 'agent' | 'paths' | 'since'>[];
  /** Newest first. */
  tries: readonly AttemptView[];
  /** The last ones, oldest first. */
  events: readonly EventView[];
}

/** Throws `UsageError` as `findTask` does. */
export async function presentTask(
  context: Context,
  order: { task: string; plan: string | null },
): Promise<PresentedTask> {
  const detail = await showTask(context, order);
  const { claim: _claim, failures: _failures, pullRequest: _pr, spentMs: _spent, ...shown } = detail;
  const { hold, inbox, evidence, conflicts, tries, events, title } = shown;
  return {
    ...shown,
    hold: hold === null ? null : { ...hold, at: iso(hold.at) },
    inbox: inbox === null ? null : { kind: inbox.kind, reason: inbox.reason, at: iso(inbox.at), token: inbox.token },
    evidence: presentEvidence(evidence),
    landing: presentLanding(detail),
    conflicts: conflicts.map(({ with: other, title: name, agent, paths, since }) => ({
      with: other,
      title: name,
      agent,
      paths,
      since,
    })),
    tries: tries.toSorted((one, other) => other.token - one.token).map((attempt) => viewAttempt(attempt, title)),
    events: events.map(viewEvent),
  };
}

function presentEvidence(evidence: Task['evidence']): PresentedTask['evidence'] {
  if (evidence === null) return null;
  const { agent, commit, base, tree, branch, commits, files, checks, noChanges, at } = evidence;
  return { agent, commit, base, tree, branch, commits, files, checks, noChanges, at: iso(at) };
}

function presentLanding(task: Pick<Task, 'landing'>): PresentedTask['landing'] {
  if (task.landing === null) return null;
  const { state, commit, queuedAt, landedAs, landedAt } = task.landing;
  return {
    state,
    commit,
    queuedAt: iso(queuedAt),
    landedAs,
    landedAt: landedAt === null ? null : iso(landedAt),
    held: heldReason(task)?.why ?? null,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
