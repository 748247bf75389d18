/**
 * The board of `orbit watch`: what goes on, drawn for a terminal of any width.
 *
 * Pure: facts in, lines out, each at most as wide as the terminal. Text of agents is cleaned of control characters before it
 * is drawn, because what an agent prints must not move the cursor.
 */
import type { Surroundings } from '../../actions/look-around.ts';
import { oneLine } from '../../platform/text.ts';
import type { Colour } from '../output.ts';
import { count, duration, headline } from '../words.ts';

export interface BoardOptions {
  columns: number;
  /** Lines that fit; agents beyond them are counted. */
  rows: number;
  paint: (text: string, colour: Colour) => string;
  /** Whether the terminal shows more than ASCII. */
  unicode: boolean;
}

export function boardLines(seen: Surroundings, options: BoardOptions): string[] {
  const lines = [headLine(seen, options), ''];
  const tail = [...queueLines(seen, options), ...inboxLines(seen, options)];
  const room = Math.max(2, options.rows - lines.length - tail.length - 1);
  lines.push(...agentLines(seen, options, room));
  if (tail.length > 0) lines.push('', ...tail);
  return lines;
}

const barWidthMax = 24;

function headLine({ plan, counts, at }: Surroundings, { columns, paint, unicode }: BoardOptions): string {
  const { total, byStatus } = counts;
  const barWidth = Math.max(6, Math.min(barWidthMax, Math.floor(columns / 4)));
  const filled = total === 0 ? 0 : Math.round((byStatus.landed / total) * barWidth);
  const [full, empty] = unicode ? ['█', '░'] : ['#', '.'];
  const bar = full.repeat(filled) + empty.repeat(barWidth - filled);
  const paused = counts.plans.filter((one) => one.paused).map((one) => one.plan);
  const parts = [
    `${plan ?? count(counts.plans.length, 'plan')}  ${bar} ${byStatus.landed}/${total} landed`,
    `${byStatus.running} running`,
    ...shown(byStatus.ready, 'ready'),
    ...shown(byStatus.blocked, 'blocked'),
    ...shown(byStatus.waiting, 'waiting'),
    ...shown(byStatus.done + byStatus.landing, 'to land'),
    ...shown(byStatus['needs-you'], 'need you'),
    ...(paused.length > 0 ? [`paused: ${paused.join(', ')}`] : []),
    at.slice(11, 19),
  ];
  return paint(fit(parts.join(unicode ? ' · ' : ' | '), columns, unicode), 'bold');
}

function shown(number: number, word: string): string[] {
  return number === 0 ? [] : [`${number} ${word}`];
}

function agentLines({ agents, at }: Surroundings, options: BoardOptions, room: number): string[] {
  if (agents.length === 0) return ['Nobody is at work.'];
  const now = Date.parse(at);
  const perAgent = 2;
  const fitting = Math.max(1, Math.floor(room / perAgent));
  const shownAgents = agents.length * perAgent <= room ? agents : agents.slice(0, Math.max(1, fitting - 1));
  const nameWidth = Math.max(...shownAgents.map(({ agent }) => agent.length));
  const lines = shownAgents.flatMap((agent) => agentRows(agent, { now, nameWidth, options }));
  const more = agents.length - shownAgents.length;
  return more > 0 ? [...lines, options.paint(`and ${count(more, 'more agent')}`, 'dim')] : lines;
}

function agentRows(
  agent: Surroundings['agents'][number],
  { now, nameWidth, options }: { now: number; nameWidth: number; options: BoardOptions },
): string[] {
  const { columns, paint, unicode } = options;
  const facts = [
    `step ${agent.step}`,
    duration(now - Date.parse(agent.startedAt)),
    ...contextPart(agent),
    ...(agent.costUsd > 0 ? [`$${agent.costUsd.toFixed(2)}`] : []),
    ...(agent.todo === null
      ? []
      : [`todo ${agent.todo.done}/${agent.todo.total} ${oneLine(agent.todo.now, 40)}`.trimEnd()]),
    ...(agent.model === null ? [] : [agent.model]),
    ...(agent.byHand ? ['by hand'] : []),
  ];
  const name = agent.agent.padEnd(nameWidth);
  const status = agent.status === 'working' ? '' : ` (${agent.status} for ${duration(agent.quietMs)})`;
  const first = fit(
    `${name}  ${agent.task} ${oneLine(agent.title, 48)}${status}  ${facts.join('  ')}`,
    columns,
    unicode,
  );
  const second = fit(`${' '.repeat(nameWidth)}  ${oneLine(agent.doing, columns)}`, columns, unicode);
  return [agent.status === 'working' ? first : paint(first, 'yellow'), paint(second, 'dim')];
}

function contextPart({ contextUsed, contextSize }: Surroundings['agents'][number]): string[] {
  if (contextUsed === null) return [];
  if (contextSize === null || contextSize === 0) return [`context ${Math.round(contextUsed / 1000)}k`];
  return [`context ${Math.round((contextUsed / contextSize) * 100)}%`];
}

/** Entries named in one line of the queue. */
const queueShown = 8;

function queueLines({ queue }: Surroundings, { columns, unicode }: BoardOptions): string[] {
  if (queue.length === 0) return [];
  const named = queue.slice(0, queueShown).map(({ task, state }) => (state === 'queued' ? task : `${task} (${state})`));
  const more = queue.length > queueShown ? ` and ${queue.length - queueShown} more` : '';
  return [fit(`queue      ${named.join(', ')}${more}`, columns, unicode)];
}

/** Tasks that need a person, named with their reasons; the rest is a command away. */
const inboxShown = 5;

function inboxLines({ needsYou }: Surroundings, { columns, paint, unicode }: BoardOptions): string[] {
  const lines = needsYou
    .slice(0, inboxShown)
    .map((task) => fit(`needs you  ${task.key}  ${headline(task.reason ?? '', columns)}`, columns, unicode));
  const more = needsYou.length - inboxShown;
  if (needsYou.length > 0)
    lines.push(fit(`           ${more > 0 ? `${more} more; ` : ''}orbit inbox`, columns, unicode));
  return lines.map((line) => paint(line, 'red'));
}

/** Cuts to the width; what is not ASCII is shown as ? where the terminal cannot. */
function fit(text: string, columns: number, unicode: boolean): string {
  const plain = unicode ? text : text.replaceAll(/[^\x20-\x7e]/g, '?');
  const units = Array.from(plain);
  if (units.length <= columns) return plain;
  return units.slice(0, Math.max(1, columns - 1)).join('') + (unicode ? '…' : '>');
}
