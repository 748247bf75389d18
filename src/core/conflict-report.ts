/**
 * How often work met, and whether that was seen before it landed (D10). Pure: counted from the log alone.
 */
import type { Event } from './event.ts';
import type { TaskKey } from './id.ts';

export interface ConflictReport {
  /** Tasks whose work was found in conflict with another's, or with what had landed, before it came to landing. */
  seenAhead: number;
  /** Of these, tasks that never were sent back from landing because of a conflict. */
  avoided: number;
  /** Tasks that were sent back from landing because of a conflict. */
  sentBack: number;
  /** Share of all tasks that were taken by somebody which were sent back so, 0 to 1. */
  sentBackShare: number;
}

/** @param events of the tasks in question; those about conflicts and claims are looked at. */
export function reportConflicts(events: readonly Pick<Event, 'task' | 'body'>[]): ConflictReport {
  const seen = new Set<TaskKey>();
  const sentBack = new Set<TaskKey>();
  const taken = new Set<TaskKey>();
  for (const { task, body } of events) {
    if (task === null) continue;
    if (body.type === 'task-claimed') taken.add(task);
    if (body.type === 'landing-bounced' && body.cause === 'conflict') sentBack.add(task);
    if (body.type !== 'conflict-seen') continue;
    seen.add(task);
    if (body.other !== null) seen.add(body.other);
  }
  return {
    seenAhead: seen.size,
    avoided: [...seen].filter((task) => !sentBack.has(task)).length,
    sentBack: sentBack.size,
    sentBackShare: taken.size === 0 ? 0 : sentBack.size / taken.size,
  };
}
