/** Conflicts seen ahead that are there now, for people and scripts. Reads only. */
import { conflictsOf, isInFlight, type Conflict, type ConflictSide } from '../core/conflict.ts';
import type { TaskKey } from '../core/id.ts';
import type { SeenConflict } from '../core/because.ts';
import type { Task } from '../core/task.ts';
import type { Context } from './context.ts';

/** As one of the two tasks sees it. */
export interface ConflictView {
  /** Key of the other task; `null`: what is on the target. */
  with: TaskKey | null;
  /** Title of the other task. */
  title: string | null;
  /** Who works on the other task; `null` once it is done. */
  agent: string | null;
  paths: readonly string[];
  since: string;
  commit: string;
  otherCommit: string;
}

/** A pair, for lists. */
export interface ConflictPair {
  task: TaskKey;
  title: string;
  with: TaskKey | null;
  withTitle: string | null;
  paths: readonly string[];
  since: string;
}

/** Of one task. What was found between attempts that are over by now is left out: no coordinator has looked since. */
export async function conflictsOfTask({ store }: Pick<Context, 'store'>, task: Task): Promise<ConflictView[]> {
  return (await seenConflicts({ store }, task)).map(({ title, agent, ...side }) => ({
    with: side.other,
    title,
    agent,
    paths: side.paths,
    since: new Date(side.since).toISOString(),
    commit: side.commit,
    otherCommit: side.otherCommit,
  }));
}

/** The same, for `core/why.ts`. */
export async function seenConflicts({ store }: Pick<Context, 'store'>, task: Task): Promise<SeenConflict[]> {
  const found: SeenConflict[] = [];
  for (const side of conflictsOf(await store.conflicts(), task.key)) {
    if (!isInFlight(task, side.token)) continue;
    const other = await otherOf({ store }, side);
    if (other !== 'gone') found.push({ ...side, title: other?.title ?? null, agent: other?.claim?.agent ?? null });
  }
  return found;
}

/** All that are there now. @param plan only those with a task of this plan. */
export async function presentConflicts(
  { store }: Pick<Context, 'store'>,
  { plan }: { plan: string | null },
): Promise<ConflictPair[]> {
  const found: ConflictPair[] = [];
  for (const conflict of await store.conflicts()) {
    const { task: key, other: otherKey, token, paths, since } = conflict;
    if (plan !== null && !isOf(plan, conflict)) continue;
    const task = (await store.task(key))?.task ?? null;
    const other = await otherOf({ store }, conflict);
    if (task === null || !isInFlight(task, token) || other === 'gone') continue;
    const withTitle = other?.title ?? null;
    found.push({
      task: key,
      title: task.title,
      with: otherKey,
      withTitle,
      paths,
      since: new Date(since).toISOString(),
    });
  }
  return found;
}

function isOf(plan: string, { task, other }: Conflict): boolean {
  return task.startsWith(`${plan}/`) || other?.startsWith(`${plan}/`) === true;
}

async function otherOf(
  { store }: Pick<Context, 'store'>,
  { other, otherToken }: Pick<ConflictSide, 'other' | 'otherToken'>,
): Promise<Task | null | 'gone'> {
  if (other === null || otherToken === null) return null;
  const task = (await store.task(other))?.task ?? null;
  return task !== null && isInFlight(task, otherToken) ? task : 'gone';
}
