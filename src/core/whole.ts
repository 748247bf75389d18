/**
 * Degrading: when all parts of a split task, or all tasks that planning agents made from one goal, have failed, one agent does it in
 * one piece (C11). Pure.
 *
 * Owns when that applies: to what attempts made of one task, never to the independent tasks of a plan, of which those that succeed
 * land and those that fail are told. Invariant: a task is taken whole once; if that fails too, a person has it.
 */
import { nameFault } from './id.ts';
import { attemptRefs } from './kept-refs.ts';
import { isGivenUp } from './outcome.ts';
import { hasEnded } from './status.ts';
import { isReadingTask } from './supervision/resting.ts';
import type { Task, TaskDefinition } from './task.ts';

/** The tasks that attempts at `task` made and that it waits for. @param needed its dependencies. */
export function partsOf(task: Task, needed: readonly Task[]): Task[] {
  return needed.filter(({ key, origin }) => origin?.task === task.key && task.dependencies.includes(key));
}

/** Whether the task is to be taken whole. @param parts as of {@link partsOf}. */
export function isToTakeWhole(task: Task, parts: readonly Task[]): boolean {
  const { whole, claim, evidence, inbox } = task;
  if (whole !== undefined || claim !== null || evidence !== null || hasEnded(task)) return false;
  // Cancelled parts put it there; anything else in the inbox is a person's to answer.
  if (inbox !== null && inbox.kind !== 'dependency-cancelled') return false;
  return parts.some((part) => isGivenUp(part)) && parts.every((part) => isHopeless(part, parts, new Set()));
}

/** Given up or dropped, or behind a part that is. */
function isHopeless(part: Task, parts: readonly Task[], seen: Set<Task>): boolean {
  if (part.closed?.as === 'cancelled' || isGivenUp(part)) return true;
  if (hasEnded(part) || part.claim !== null || part.evidence !== null || part.inbox !== null || seen.has(part))
    return false;
  seen.add(part);
  return part.dependencies.some((key) => {
    const below = parts.find((one) => one.key === key);
    return below !== undefined && isHopeless(below, parts, seen);
  });
}

/** Whether the task is a person's goal that planning agents have finished to make tasks from. What agents ordered is no goal. */
export function isPlannedGoal(task: Task): boolean {
  const isPlanning = task.kind === 'plan' || task.kind === 'bootstrap';
  return isPlanning && task.origin === null && hasEnded(task) && task.closed?.as !== 'cancelled';
}

/** All that attempts made for the goal: what its own made, what theirs made, and so on. */
export function madeFor(goal: Task, all: readonly Task[]): Task[] {
  const made: Task[] = [];
  const seen = new Set([goal.key]);
  for (let count = -1; count < made.length;) {
    count = made.length;
    const found = all.filter(({ key, origin }) => origin !== null && seen.has(origin.task) && !seen.has(key));
    for (const { key } of found) seen.add(key);
    made.push(...found);
  }
  return made;
}

/**
 * Whether nothing of a goal came about and nothing of it can move any more. Tasks that only read or plan are no success, but while
 * one of them can move, more may be made.
 * @param made as of {@link madeFor}.
 */
export function isGoalLost(goal: Task, made: readonly Task[]): boolean {
  if (!isPlannedGoal(goal)) return false;
  const works = made.filter(({ kind }) => !isReadingTask(kind));
  const isLost = (task: Task): boolean => isHopeless(task, made, new Set());
  return (
    works.some((task) => isGivenUp(task)) &&
    works.every((task) => isLost(task)) &&
    made.every((task) => hasEnded(task) || isLost(task))
  );
}

/** The task by which one agent gets the whole goal. Its name follows from the goal's, so that it is made once; `null`: it has none. */
export function wholeGoal({
  id,
  title,
  body,
  parent,
  layer,
  priority,
  scope,
  checks,
  dependencies,
}: Task): TaskDefinition | null {
  const name = `${id}-whole`;
  if (nameFault(name) !== null) return null;
  const words = { title: `In one piece: ${title}`, body };
  const rest = { parent, layer, priority, scope, checks, dependencies };
  return { id: name, kind: 'implement', ...words, ...rest, agent: null, estimateMs: null };
}

/** What the one agent is told: that all parts failed, and what became of each part. @param lengthMax of each reason. */
export function tellParts(parts: readonly Task[], lengthMax: number): string {
  const told = parts.map(({ id, title, failures, inbox }) => {
    const last = failures.at(-1);
    const reason = (last?.reason ?? inbox?.reason ?? 'it was never tried').slice(0, lengthMax);
    const kept = last === undefined ? '' : ` Its last work: ${attemptRefs(id)}/${last.token}.`;
    return `- ${id} ${title}: ${reason}${kept}`;
  });
  return `This was cut into parts, and all of them failed. Do it in one piece, the whole of it; do not split it again. What became of the parts:\n${told.join('\n')}`;
}
