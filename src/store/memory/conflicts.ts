/** Owns the conflicts seen ahead in a memory store. */
import { conflictKey, type Conflict, type ConflictChange } from '../../core/conflict.ts';
import type { Rejection } from '../../core/rejection.ts';
import { refuseStale } from '../leadership.ts';
import type { Execution } from '../store.ts';
import { appendEvent } from './changes.ts';
import type { Tables } from './tables.ts';

export function conflictsIn({ conflicts }: Tables): Conflict[] {
  return [...conflicts.values()].toSorted((one, other) => (conflictKey(one) < conflictKey(other) ? -1 : 1));
}

export function noteConflicts(
  tables: Tables,
  { noted, ended }: ConflictChange,
  { actor, now: at, epoch }: Omit<Execution, 'durable'>,
): Rejection | null {
  const refusal = refuseStale(tables.single.leader, epoch);
  if (refusal !== null) return refusal;
  for (const pair of ended) {
    const { task, other } = pair;
    if (!tables.conflicts.has(conflictKey(pair))) continue;
    tables.remove(tables.conflicts, conflictKey(pair));
    appendEvent(tables, { at, actor, task, body: { type: 'conflict-gone', other } });
  }
  for (const conflict of noted) {
    const { task, other, paths } = conflict;
    const isNew = !tables.conflicts.has(conflictKey(conflict));
    tables.put(tables.conflicts, conflictKey(conflict), conflict);
    if (isNew) appendEvent(tables, { at, actor, task, body: { type: 'conflict-seen', other, paths } });
  }
  return null;
}
