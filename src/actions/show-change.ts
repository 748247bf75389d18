/**
 * What a task's work changes, file by file, read from git's objects alone: what its agent says about it has no part in it. Reads only.
 *
 * Owns which work that is: what was proven, else the last that an attempt left or is at. Text of the change comes with its hidden
 * characters made visible, because whoever reads it decides on it.
 */
import { attemptNames } from '../core/kept-refs.ts';
import { limits } from '../core/limits.ts';
import { inScope } from '../core/scope.ts';
import type { Task } from '../core/task.ts';
import { OperationalError } from '../platform/error.ts';
import { visible } from '../platform/text.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { landingBase } from './list-approvals.ts';
import { lookAtChange } from './look-at-change.ts';

export interface ShownChange {
  task: string;
  plan: string;
  base: string | null;
  commit: string | null;
  tree: string | null;
  proven: boolean;
  /** Of its commits, newest first. */
  subjects: readonly string[];
  linesAdded: number;
  linesRemoved: number;
  files: readonly {
    path: string;
    kind: string;
    inScope: boolean;
    risks: readonly string[];
    patch: string | null;
  }[];
  more: number;
}

/** Throws `UsageError` as `findTask` does; OperationalError `git-failed`, also for work that is not in this repository any more. */
export async function showChange(context: Context, order: { task: string; plan: string | null }): Promise<ShownChange> {
  const { task } = await findTask(context, order.task, order.plan);
  const work = await workOf(context, task);
  const { base, commit, proven } = work;
  const head = { task: task.id, plan: task.plan, base, commit, proven };
  const nothing = { subjects: [], linesAdded: 0, linesRemoved: 0, files: [], more: 0 };
  if (commit === null) return { ...head, tree: null, ...nothing };
  const repository = await context.repository();
  const tree = await repository.tree(commit);
  if (base === null) return { ...head, tree, ...nothing };
  const { changes, risks } = await lookAtChange(repository, { from: base, to: commit });
  const bounds = { files: limits.changeFilesMax, fileBytes: limits.patchBytesMax, bytes: limits.changeBytesMax };
  const patches = new Map((await repository.patches(base, commit, bounds)).map(({ path, patch }) => [path, patch]));
  const risksOf = Map.groupBy(risks, ({ path }) => path);
  const lines = await repository.lineCounts(base, commit);
  // Git's order of paths and that of the look differ for odd names: a file is shown if its patch was asked for.
  const shown = changes.filter(({ path }) => patches.has(path));
  return {
    ...head,
    tree,
    subjects: (await repository.subjects(base, commit)).slice(0, subjectsMax).map(visible),
    linesAdded: lines.added,
    linesRemoved: lines.removed,
    files: shown.map(({ path, kind }) => {
      const patch = patches.get(path) ?? null;
      return {
        path,
        kind,
        inScope: inScope(path, task.scope),
        risks: (risksOf.get(path) ?? []).map(({ reason }) => reason),
        patch: patch === null ? null : visible(patch),
      };
    }),
    more: changes.length - shown.length,
  };
}

/** An agent may commit as often as it likes; nobody reads more. */
const subjectsMax = 200;

interface Work {
  base: string | null;
  commit: string | null;
  proven: boolean;
}

async function workOf(context: Context, task: Task): Promise<Work> {
  const { evidence } = task;
  if (evidence !== null) {
    const { commit } = evidence;
    if (commit === null) return { base: evidence.base, commit, proven: true };
    await requireCommit(context, task, commit);
    return { base: evidence.base ?? (await landingBase(context, task, commit)), commit, proven: true };
  }
  return (await lastWork(context, task)) ?? { base: null, commit: null, proven: false };
}

/** Of the newest attempt that has any: its branch while it works, then its commits, then what it had not committed. */
async function lastWork(context: Context, task: Task): Promise<Work | null> {
  const { key } = task;
  const repository = await context.repository();
  const attempts = await context.store.attempts({ task: key });
  for (const attempt of attempts.toSorted((one, other) => other.token - one.token)) {
    const { ref, salvage } = attemptNames(key, attempt.token);
    const branch = attempt.branch === null ? [] : [`refs/heads/${attempt.branch.replace(/^refs\/heads\//, '')}`];
    const names =
      attempt.endedAt === null ? branch : [...(attempt.commit === null ? [] : [attempt.commit]), ref, salvage];
    for (const name of names) {
      const commit = await repository.resolve(name);
      const base = commit === null ? null : (attempt.base ?? (await landingBase(context, task, commit)));
      if (commit !== null && commit !== base) return { base, commit, proven: false };
    }
  }
  return null;
}

async function requireCommit(context: Context, { key, id }: Task, commit: string): Promise<void> {
  if ((await (await context.repository()).resolve(commit)) !== null) return;
  throw new OperationalError('git-failed', `the work of ${key} (${commit.slice(0, 12)}) is not in this repository`, {
    hint: `orbit recover ${id} lists what is kept of it`,
  });
}
