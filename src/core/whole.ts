/**
 * Degrading: when all parts of a split task have failed, one agent does it in one piece (C11). Pure.
 *
 * Owns when that applies: to the parts that an attempt made of its own task, never to the independent tasks of a plan, of which those
 * that succeed land and those that fail are told. Invariant: a task is taken whole once; if that fails too, a person has it.
 */
import { isGivenUp } from './outcome.ts';
import { hasEnded } from './status.ts';
import type { Task } from './task.ts';

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

/** What the one agent is told: that the split failed, and what became of each part. @param lengthMax of each reason. */
export function tellParts(parts: readonly Task[], lengthMax: number): string {
  const told = parts.map(({ id, title, failures, inbox }) => {
    const last = failures.at(-1);
    const reason = (last?.reason ?? inbox?.reason ?? 'it was never tried').slice(0, lengthMax);
    const kept = last === undefined ? '' : ` Its last work: refs/orbit/attempts/${id}/${last.token}.`;
    return `- ${id} ${title}: ${reason}${kept}`;
  });
  return `This task was split, and all its parts failed. Do it in one piece, the whole of it; do not split it again. What became of the parts:\n${told.join('\n')}`;
}
