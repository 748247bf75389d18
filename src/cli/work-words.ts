/** What landed, what it cost, and what was done for nothing, as tables for a person and a page. */
import type { Report } from '../actions/report.ts';
import type { RedundantCause } from '../core/work-report.ts';
import { oneLine } from '../platform/text.ts';
import { columns } from './output.ts';
import { count, duration } from './words.ts';

/** Landed tasks shown: the last ones; `--json` has all. */
const landedMax = 12;

export const spendHead: readonly string[] = [
  'agent',
  'model',
  'attempts',
  'done',
  'time',
  'tokens',
  'reported',
  'estimated',
  'tokens without a price',
];

const causeWords: Readonly<Record<RedundantCause, string>> = {
  failed: 'attempts that failed, crashed, stalled or were lost',
  'sent-back': 'work sent back from landing',
  'done-again': 'work that was proven and had to be done again',
  'given-back': 'attempts given back',
  cancelled: 'work on tasks that were cancelled',
};

export function workLines(report: Pick<Report, 'landed' | 'spend' | 'redundant'>): string[] {
  return [...landedLines(report), ...spendLines(report), ...redundantLines(report)];
}

function landedLines({ landed }: Pick<Report, 'landed'>): string[] {
  if (landed.length === 0) return [];
  const more = landed.length - landedMax;
  const rows = landed
    .slice(-landedMax)
    .map(({ task, title, commit, at, attempts, agent }) => [
      task,
      at.slice(0, 16).replace('T', ' '),
      commit?.slice(0, 12) ?? '',
      agent ?? '',
      attempts > 1 ? count(attempts, 'attempt') : '',
      oneLine(title, 60),
    ]);
  return [
    `Landed: ${count(landed.length, 'task')}${more > 0 ? `, the last ${landedMax}` : ''}`,
    ...columns(rows).map(indent),
  ];
}

function spendLines({ spend }: Pick<Report, 'spend'>): string[] {
  if (spend.length === 0) return [];
  const sum = (pick: (row: Report['spend'][number]) => number): number =>
    spend.reduce((all, row) => all + pick(row), 0);
  const [reported, estimated] = [sum((row) => row.reportedUsd), sum((row) => row.estimatedUsd)];
  const total = `Costs: ${money(reported) || '$0.00'} as reported${estimated > 0 ? `, and about ${money(estimated)} where only tokens were told` : ''}`;
  return [total, ...columns([spendHead, ...spend.map(spendRow)]).map(indent)];
}

/** Cells under {@link spendHead}. */
export function spendRow(row: Report['spend'][number]): string[] {
  return [
    row.agent,
    row.model ?? '',
    String(row.attempts),
    String(row.done),
    duration(row.minutes * 60_000),
    row.tokens === 0 ? '' : String(row.tokens),
    money(row.reportedUsd),
    row.estimatedUsd === 0 ? '' : `about ${money(row.estimatedUsd)}`,
    row.unpricedTokens === 0 ? '' : String(row.unpricedTokens),
  ];
}

/** One sentence, and one for each cause; empty where nothing was in vain. */
export function redundantLines({ redundant }: Pick<Report, 'redundant'>): string[] {
  const { attempts, minutes, reportedUsd, share, causes } = redundant;
  if (attempts === 0) return [];
  const spent = (ms: number, usd: number): string => `${duration(ms)}${usd > 0 ? `, ${money(usd)}` : ''}`;
  return [
    `Redundant work: ${count(attempts, 'attempt')}, ${spent(minutes * 60_000, reportedUsd)}, ${Math.round(share * 100)} % of the agents' time`,
    ...causes.map((one) =>
      indent(`${causeWords[one.cause]}: ${one.attempts}, ${spent(one.minutes * 60_000, one.reportedUsd)}`),
    ),
  ];
}

function money(usd: number): string {
  return usd > 0 ? `$${usd.toFixed(2)}` : '';
}

function indent(line: string): string {
  return `  ${line}`;
}
