/**
 * What waits for a person's word, with all that they need to give it. Reads only, and reads objects: what an agent says about its work
 * is shown nowhere here.
 */
import type { PathChange } from '../core/path-change.ts';
import { unordered, type Risk } from '../core/risk.ts';
import { hasEnded } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { foreignCommit } from './foreign-commit.ts';
import { measureChange, type MeasuredChange } from './look-at-change.ts';
import { short } from './take-over.ts';

export interface WaitingWork {
  task: string;
  key: string;
  plan: string;
  title: string;
  agent: string;
  since: string;
  /** Why it waits. */
  reason: string;
  commit: string;
  tree: string;
  base: string | null;
  commits: number;
  files: readonly Pick<PathChange, 'path' | 'kind'>[];
  linesAdded: number;
  linesRemoved: number;
  scope: readonly string[];
  /** Entries of the scope that its agent wished for. */
  widened: readonly string[];
  /** Commands that were green at this tree. */
  checks: readonly string[];
  /** What nobody ordered, the heaviest first. */
  risks: readonly Pick<Risk, 'path' | 'kind' | 'reason' | 'weight'>[];
}

/** Heaviest risk first, then who waits longest. Throws `UsageError` `unknown-plan`; OperationalError `git-failed`. */
export async function listApprovals(context: Context, plan: string | null): Promise<WaitingWork[]> {
  if (plan !== null) await requirePlan(context, plan);
  const query = { ...(plan === null ? {} : { plan }), status: ['needs-you'] as const };
  const records = await context.store.tasks(query, context.clock.now());
  const repository = await context.repository();
  const waiting: WaitingWork[] = [];
  for (const { task } of records) {
    const commit = task.evidence?.commit ?? null;
    if (task.inbox?.kind !== 'approval' || commit === null) continue;
    // One that is lost must not hide the others.
    if ((await repository.resolve(commit)) !== null) waiting.push(await look(context, task, commit));
    else
      context.warn(
        `the work of ${task.key} (${commit.slice(0, 12)}) is not in this repository: orbit recover ${task.id}`,
      );
  }
  const weight = ({ risks }: WaitingWork): number => risks[0]?.weight ?? 0;
  return waiting.toSorted((a, b) => weight(b) - weight(a) || (a.since < b.since ? -1 : 1));
}

async function look(context: Context, task: Task, commit: string): Promise<WaitingWork> {
  const { evidence, inbox } = task;
  const repository = await context.repository();
  const from = evidence?.base ?? (await landingBase(context, task, commit));
  const { changes, risks, lines } = from === null ? nothing : await measureChange(repository, { from, to: commit });
  return {
    task: task.id,
    key: task.key,
    plan: task.plan,
    title: task.title,
    agent: evidence?.agent ?? '',
    since: new Date(inbox?.at ?? 0).toISOString(),
    reason: inbox?.reason ?? '',
    commit,
    tree: await repository.tree(commit),
    base: from,
    commits: evidence?.commits ?? 0,
    files: changes.map(({ path, kind }) => ({ path, kind })),
    linesAdded: lines.added,
    linesRemoved: lines.removed,
    scope: task.scope,
    widened: task.widened.filter(({ byPerson }) => !byPerson).map(({ entry }) => entry),
    checks: evidence?.checks ?? [],
    risks: unordered(risks, task).map(({ path, kind, reason, weight }) => ({ path, kind, reason, weight })),
  };
}

const nothing: MeasuredChange = { changes: [], risks: [], lines: { added: 0, removed: 0 } };

/** What the queue will measure it against. */
export async function landingBase(context: Context, { plan }: Task, commit: string): Promise<string | null> {
  const repository = await context.repository();
  const target = (await context.store.plan(plan))?.target ?? null;
  const tip = target === null ? null : await repository.resolve(target);
  return tip === null ? null : repository.mergeBase(tip, commit);
}

export interface WaitingPlan {
  plan: string;
  title: string;
  target: string;
  /** The user's branch that would take it over. */
  into: string;
  commit: string;
  tree: string;
  /** The newest commit on it that did not land but was put there by somebody; `null`: none. */
  foreign: string | null;
  landed: number;
  cancelled: number;
  files: number;
  linesAdded: number;
  linesRemoved: number;
  checks: readonly string[];
}

/** Plans that are finished and not in the user's branch yet. */
export async function listFinishedPlans(context: Context, only: string | null): Promise<WaitingPlan[]> {
  const { landing } = await context.settings();
  const repository = await context.repository();
  const branch = await repository.currentBranch();
  const head = branch === null ? null : await repository.resolve(branch);
  if (landing.approval === 'none' || branch === null || head === null) return [];
  const waiting: WaitingPlan[] = [];
  const plans = (await context.store.plans()).filter(
    ({ id, target }) => (only === null || id === only) && target !== branch,
  );
  const tips = new Map<string, string>();
  for (const { id, target } of plans) {
    const tip = await repository.resolve(target);
    if (tip !== null) tips.set(id, tip);
  }
  // One look for all: most plans of a project were taken over long ago.
  const taken = await repository.contained([...tips.values()], head);
  for (const plan of plans) {
    const tip = tips.get(plan.id);
    if (tip === undefined || taken.has(tip)) continue;
    const tasks = (await context.store.tasks({ plan: plan.id }, context.clock.now())).map(({ task }) => task);
    if (tasks.some((task) => !hasEnded(task))) continue;
    const from = (await repository.mergeBase(head, tip)) ?? head;
    const lines = await repository.lineCounts(from, tip);
    const cancelled = tasks.filter(({ closed }) => closed?.as === 'cancelled').length;
    waiting.push({
      plan: plan.id,
      title: plan.title,
      target: short(plan.target),
      into: short(branch),
      commit: tip,
      tree: await repository.tree(tip),
      foreign: await foreignCommit({ ...context, repository }, { head, tip }),
      landed: tasks.length - cancelled,
      cancelled,
      files: (await repository.changes(from, tip)).length,
      linesAdded: lines.added,
      linesRemoved: lines.removed,
      checks: [...plan.checks, ...landing.checks],
    });
  }
  return waiting;
}
