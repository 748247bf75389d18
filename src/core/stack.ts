/**
 * Stacks: what became of the unlanded work that somebody built on, and what follows for them (A10). Pure.
 *
 * Owns the judgement on each recorded part of a base (`BuiltOn`): it is compared with the facts of the task that made it, and
 * nothing about git is guessed. Invariant: work is put onto a changed base only when all of that base is proven again, each
 * task before those built on it, and never while an agent works on it.
 */
import type { TaskKey } from './id.ts';
import { isSettled } from './landing.ts';
import type { BuiltOn, Task } from './task.ts';

/**
 * `same`: still the work that was built on. `sent-back`: not proven at present, or its pull request was rejected. `moved`: proven
 * again with another commit. `replaced`: something else landed in its place. `cancelled`: it will not come.
 */
export type BaseFate = 'same' | 'sent-back' | 'moved' | 'replaced' | 'cancelled';

/** @param made the task that made this part, `null` if there is none any more. */
export function fateOf({ commit }: BuiltOn, made: Task | null): BaseFate {
  if (made === null || made.closed?.as === 'cancelled') return 'cancelled';
  if (made.evidence?.commit === commit) return made.pr?.status === 'rejected' ? 'sent-back' : 'same';
  if (isSettled(made) || made.evidence?.commit === null) return 'replaced';
  return made.evidence === null ? 'sent-back' : 'moved';
}

/** Finds a task of any plan. */
export type TaskLook = (key: TaskKey) => Task | null;

/** Parts of a base that are no longer what they were, and how. */
function changesOf(builtOn: readonly BuiltOn[], look: TaskLook): (BuiltOn & { fate: Exclude<BaseFate, 'same'> })[] {
  return builtOn.flatMap((part) => {
    const fate = fateOf(part, look(part.task));
    return fate === 'same' ? [] : [{ ...part, fate }];
  });
}

/** Changes that the running attempt has yet to hear of, each with the words for it. */
export function changesToTell({ claim }: Task, look: TaskLook): (BuiltOn & { why: string })[] {
  if (claim?.builtOn === undefined) return [];
  const told = new Set(claim.changed?.map(({ task }) => task));
  return changesOf(claim.builtOn, look)
    .filter(({ task }) => !told.has(task))
    .map(({ task, commit, fate }) => ({ task, commit, why: whyChanged(look(task), fate) }));
}

/**
 * Whether proven work is to be put onto its base anew. Not while a part is still missing, a person has the task, or its landing
 * has begun: then the base is not whole, or somebody else decides.
 */
export function isToRestack(task: Task, look: TaskLook): boolean {
  const { evidence, landing, closed, inbox } = task;
  if (evidence?.commit === undefined || evidence.commit === null || evidence.base === null) return false;
  if (closed !== null || inbox !== null || isSettled(task) || (landing !== null && landing.begunAt !== null))
    return false;
  const changes = changesOf(neededParts(task), look);
  const isMissing = changes.some(
    ({ task: key, fate }) => fate === 'sent-back' || (fate === 'cancelled' && needs(task, key)),
  );
  return changes.length > 0 && !isMissing;
}

/** What the new base is to hold beside the target: what the task needs now, and its old neighbours that are still to land. */
export function partsOfNewBase({ dependencies, evidence }: Task, look: TaskLook): Task[] {
  const keys = new Set([...dependencies, ...(evidence?.builtOn ?? []).map(({ task }) => task)]);
  return [...keys].flatMap((key) => {
    const made = look(key);
    return made === null || made.closed !== null || made.evidence === null ? [] : [made];
  });
}

/** Whether work rests on something that has changed and that it was not put onto yet: nobody should build on it now. */
export function isOnChangedBase(task: Task, look: TaskLook): boolean {
  return changesOf(neededParts(task), look).length > 0;
}

/** Neighbours' work was put under it without its asking: landing takes its own changes alone, whatever becomes of theirs. */
function neededParts(task: Task): BuiltOn[] {
  return (task.evidence?.builtOn ?? []).filter(({ task: key }) => needs(task, key));
}

/** Those built upon before those who built on them; otherwise in the order given. Only edges within `tasks` count. */
export function stackOrder(tasks: readonly Task[]): Task[] {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const seen = new Set<TaskKey>();
  const order: Task[] = [];
  const visit = (task: Task): void => {
    if (seen.has(task.key)) return;
    seen.add(task.key);
    for (const { task: below } of task.evidence?.builtOn ?? []) {
      const other = byKey.get(below);
      if (other !== undefined) visit(other);
    }
    order.push(task);
  };
  for (const task of tasks) visit(task);
  return order;
}

/** What a running agent is told of a change: what happened, and that its own work goes on. */
export function tellChange(own: string, { task, commit, why }: BuiltOn & { why: string }): string {
  const other = task.slice(task.indexOf('/') + 1);
  return `Your work on ${own} began on top of ${other} (commit ${commit.slice(0, 12)}), and ${why}.
Go on with ${own} alone: do not repair or take over the part of ${other}, and keep your commits to your own changes. When ${other} is proven again, Orbit puts your commits onto its new work and runs the checks again; if they do not fit, you get them back with both sides.`;
}

function whyChanged(made: Task | null, fate: Exclude<BaseFate, 'same'>): string {
  if (fate === 'cancelled') return made === null ? 'that task is gone' : `it was cancelled: ${made.closed?.why ?? ''}`;
  if (fate === 'moved') return `it is proven anew as ${made?.evidence?.commit?.slice(0, 12) ?? ''}`;
  if (fate === 'replaced') return 'other work of it landed in its place';
  if (made?.pr?.status === 'rejected') return `its pull request #${made.pr.number} was rejected`;
  const last = made?.failures.at(-1);
  return last?.outcome === 'bounced'
    ? `it was sent back from landing: ${last.reason}`
    : 'it was opened again by a person';
}

function needs({ dependencies }: Task, key: TaskKey): boolean {
  return dependencies.includes(key);
}
