/** The project as a picture for a terminal (E4). The one place that says who draws it. Reads only. */
import type { Context } from '../context.ts';
import { lookAround } from '../look-around.ts';
import { orchestratorState } from './state.ts';

export interface TerminalOrder {
  plan: string | null;
  /** Width in characters. */
  columns: number;
}

export interface TerminalAnswer {
  text: string;
  observedAt: string;
}

/** Throws `UsageError` `unknown-plan`. */
export async function renderTerminal(context: Context, { plan, columns }: TerminalOrder): Promise<TerminalAnswer> {
  const { counts, agents, queue, needsYou } = await lookAround(context, plan);
  const { state, observedAt } = await orchestratorState(context);
  const statuses = Object.entries(counts.byStatus).filter(([, count]) => count > 0);
  const lines = [
    `${state} · ${counts.total} tasks: ${statuses.map(([status, count]) => `${count} ${status}`).join(', ')}`,
    '',
    ...counts.plans.map((row) => `plan ${row.plan}  ${row.landed}/${row.total} landed${row.paused ? '  paused' : ''}`),
    ...section(
      'AT WORK',
      agents,
      ({ agent, task, title, step, doing }) => `${agent}  ${task}  ${title}  step ${step}  ${doing}`,
    ),
    ...section('LANDING', queue, (entry) => `${entry.task}  ${entry.state}`),
    ...section('NEEDS YOU', needsYou, ({ id, title, reason }) => `${id}  ${title}  ${reason ?? ''}`),
  ];
  return { text: lines.map((line) => cut(line, columns)).join('\n'), observedAt };
}

function section<T>(title: string, rows: readonly T[], line: (row: T) => string): string[] {
  return rows.length === 0 ? [] : ['', title, ...rows.map((row) => `  ${line(row).replaceAll(/\s*\n\s*/g, ' ')}`)];
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, Math.max(1, columns - 1))}…`;
}
