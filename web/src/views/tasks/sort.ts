/** The orders in which the list can be read. Pure. */
import { statusLooks } from '../../parts/status.ts';
import type { TaskRow } from './query.ts';

const attention = Object.keys(statusLooks);

const fields: Readonly<Record<string, (row: TaskRow) => number | string>> = {
  status: ({ status }) => attention.indexOf(status),
  id: ({ key }) => key,
  title: ({ title }) => title.toLowerCase(),
  layer: ({ layer }) => layer ?? Number.POSITIVE_INFINITY,
  agent: ({ holder, agent }) => holder ?? agent ?? '\uffff',
  attempts: ({ attempts }) => -attempts,
  cost: ({ costUsd }) => -(costUsd ?? -1),
  score: ({ score }) => -score,
};

/** @param sort a column's name; with a minus before it the other way round. What is equal goes by score, then id. */
export function sortRows(rows: readonly TaskRow[], sort: string): TaskRow[] {
  const turned = sort.startsWith('-');
  const field = fields[turned ? sort.slice(1) : sort] ?? fields['status'];
  if (field === undefined) return [...rows];
  return rows.toSorted(
    (one, other) =>
      (turned ? -1 : 1) * compare(field(one), field(other)) || other.score - one.score || compare(one.key, other.key),
  );
}

function compare(one: number | string, other: number | string): number {
  if (typeof one === 'string' && typeof other === 'string') return one.localeCompare(other, 'en', { numeric: true });
  return one < other ? -1 : one > other ? 1 : 0;
}
