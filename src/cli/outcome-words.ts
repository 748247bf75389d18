/** The report on attempts and hints as tables for a person. */
import type { ConflictReport } from '../core/conflict-report.ts';
import type { OutcomeReport } from '../core/outcome-report.ts';
import { columns } from './output.ts';

/** Tasks shown: those that took the most attempts. */
const tasksMax = 10;

export function outcomeLines({
  outcomes,
  hints,
  ended,
  tasks,
  conflicts,
}: OutcomeReport & { conflicts: ConflictReport }): string[] {
  const money = (usd: number): string => (usd > 0 ? `$${usd.toFixed(2)}` : '');
  const rows = outcomes.map((row) => [
    row.adapter ?? 'by hand',
    row.model ?? '',
    row.rung,
    String(row.attempts),
    String(row.done),
    String(row.failed),
    String(row.handedOver),
    String(row.other + row.running),
    row.tokens > 0 ? String(row.tokens) : '',
    money(row.costUsd),
    `${row.minutes.toFixed(1)} min`,
  ]);
  const head = [
    'adapter',
    'model',
    'rung',
    'attempts',
    'done',
    'failed',
    'handed over',
    'other',
    'tokens',
    'cost',
    'time',
  ];
  const retried = tasks.filter(({ attempts }) => attempts > 1).slice(0, tasksMax);
  return [
    'Attempts',
    ...columns([head, ...rows]).map(indent),
    ...(hints.length === 0 ? [] : ['Hints', ...columns(hintRows(hints)).map(indent)]),
    ...(ended.length === 0
      ? []
      : [`Ended by a rule: ${ended.map(({ rule, attempts }) => `${rule} ${attempts}`).join(', ')}`]),
    ...(retried.length === 0
      ? []
      : [`Most attempts: ${retried.map(({ task, attempts }) => `${task} ${attempts}`).join(', ')}`]),
    ...conflictLine(conflicts),
  ];
}

function conflictLine({ seenAhead, avoided, sentBack, sentBackShare }: ConflictReport): string[] {
  if (seenAhead + sentBack === 0) return [];
  const share = `${(sentBackShare * 100).toFixed(0)} % of all taken`;
  return [
    `Conflicts: ${seenAhead} tasks seen ahead, ${avoided} of them never sent back; ${sentBack} sent back from landing (${share})`,
  ];
}

function hintRows(hints: OutcomeReport['hints']): string[][] {
  const rows = hints.map(({ rule, hints: given, progress, success, unsupported }) => [
    rule,
    String(given),
    String(progress),
    String(success),
    String(unsupported),
  ]);
  return [['rule', 'hints', 'then progress', 'then success', 'not delivered'], ...rows];
}

function indent(line: string): string {
  return `  ${line}`;
}
