/** What waits for a person, the most urgent first: kind, age, what waits behind it, and the reason in one line. */
import { headline } from '../../platform/words.ts';
import type { InboxRow, Surroundings } from '../look-around.ts';
import { part, said, type Line, type Space } from './line.ts';
import { narrowColumns, since, type Row } from './row.ts';

export function inboxRows(seen: Surroundings, space: Space): Row[] {
  return seen.inbox.map((row) => ({
    lines: rowLines(row, seen, space),
    about: { key: row.key, plan: row.plan, token: null },
  }));
}

function rowLines(row: InboxRow, seen: Surroundings, { columns }: Space): Line[] {
  const id = seen.plans.length === 1 ? (row.key ?? row.plan).replace(/^[^/]*\//, '') : (row.key ?? row.plan);
  const behind = row.behind === 0 ? '' : `, ${row.behind} behind it`;
  const head = [
    part(` ${row.kind}`, 'red'),
    part(` ${said(id)} ${said(row.title, 40)}`),
    part(`  ${since(seen, row.since)}${behind}`, 'dim'),
  ];
  const reason = said(headline(row.reason, 400));
  if (columns >= narrowColumns * 1.5) return [[...head, part(`  ${reason}`)]];
  return [head, [part(`   ${reason}`, 'dim')]];
}
