/**
 * The board: what goes on in a project, drawn for a terminal of any size. Pure: facts and a size in, lines out.
 *
 * Owns which panes there are and what each row is about; `orbit watch` adds keys and a selection to the same panes, the MCP server
 * and the API hand out the text. It must not read a clock: times are measured against the facts' own.
 */
import type { Surroundings } from '../look-around.ts';
import { agentRows } from './agent-rows.ts';
import { share } from './share.ts';
import { inboxRows } from './inbox-rows.ts';
import { fit, part, said, type Line, type Part, type Space } from './line.ts';
import { planRows } from './plan-rows.ts';
import { queueRows } from './queue-rows.ts';
import { narrowColumns, type Row } from './row.ts';
import { signOf } from './sign.ts';

export type PaneName = 'plan' | 'agents' | 'queue' | 'inbox';

export interface Pane {
  name: PaneName;
  title: string;
  rows: readonly Row[];
}

export interface BoardSize extends Space {
  /** Lines that fit; infinite: all. */
  rows: number;
}

/** The whole picture in at most `rows` lines of at most `columns` cells. */
export function boardLines(seen: Surroundings, size: BoardSize): Line[] {
  const lines = [...headLines(seen, size)];
  const panes = panesOf(seen, size).filter(({ name, rows }) => name === 'plan' || rows.length > 0);
  const heights = share(
    panes.map(({ rows }) => 1 + rows.reduce((sum, row) => sum + row.lines.length, 0)),
    size.rows - lines.length,
    panes.findIndex(({ name }) => name === 'plan'),
  );
  for (const [at, pane] of panes.entries()) {
    const height = heights[at] ?? 0;
    if (height === 0) continue;
    const body = pane.rows.flatMap((row) => row.lines);
    const shown = body.slice(0, height - 1);
    const cut = shown.length < body.length ? `${shown.length} of ${body.length} lines` : '';
    lines.push([part(titleLine(pane.title, cut, size), 'bold')]);
    lines.push(...shown);
  }
  return lines.map((line) => fit(line, size));
}

/** All panes, whatever their length. */
export function panesOf(seen: Surroundings, space: Space): Pane[] {
  const agents = seen.agents.length;
  return [
    { name: 'plan', title: 'Plan', rows: planRows(seen, space) },
    { name: 'agents', title: agents === 0 ? 'Agents' : `Agents ${agents}`, rows: agentRows(seen, space) },
    { name: 'queue', title: 'Queue', rows: queueRows(seen, space) },
    {
      name: 'inbox',
      title: seen.inbox.length === 0 ? 'Inbox' : `Inbox ${seen.inbox.length}`,
      rows: inboxRows(seen, space),
    },
  ];
}

/** A pane's title, ruled to the terminal's width. */
export function titleLine(title: string, remark: string, { columns, unicode }: Space): string {
  const rule = unicode ? '─' : '-';
  const text = `${rule}${rule} ${title}${remark === '' ? '' : ` (${remark})`} `;
  return text + rule.repeat(Math.max(0, columns - text.length));
}

/** Progress over everything shown, and what is wrong with the whole. */
export function headLines({ plan, plans, counts, led, at }: Surroundings, { columns, unicode }: Space): Line[] {
  const { total, byStatus } = counts;
  const width = Math.max(6, Math.min(24, Math.floor(columns / 4)));
  const filled = total === 0 ? 0 : Math.round((byStatus.landed / total) * width);
  const bar = (unicode ? '█' : '#').repeat(filled) + (unicode ? '░' : '.').repeat(width - filled);
  const name = plan ?? (plans.length === 1 ? (plans[0]?.plan ?? '') : `${plans.length} plans`);
  const landed = part(`${said(name)}  ${bar} ${byStatus.landed}/${total} landed`, 'bold');
  const shown = (['running', 'ready', 'blocked', 'waiting', 'done', 'landing', 'needs-you'] as const).flatMap(
    (status): Part[] =>
      byStatus[status] === 0 ? [] : [part('  '), signOf(status, { unicode }), part(`${byStatus[status]}`)],
  );
  const paused = plans.filter((one) => one.paused).map((one) => one.plan);
  const remarks = [
    ...(paused.length === 0 ? [] : [`paused: ${said(paused.join(', '), 40)}`]),
    ...(led ? [] : ['no coordinator leads']),
  ];
  const tail = [
    ...shown,
    ...remarks.flatMap((text) => [part('  '), part(text, 'red')]),
    part(`  ${at.slice(11, 19)}`, 'dim'),
  ];
  return columns < narrowColumns ? [[landed], tail.slice(1)] : [[landed, ...tail]];
}
