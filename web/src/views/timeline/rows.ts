/** Lanes as rows of one height, and what of them stands where. Pure; times are epoch ms. */
import type { Bar, Lane, Wait } from './lanes.ts';
import type { Window } from './scale.ts';

export interface LaneRow {
  agent: string;
  /** The agent's first row, which carries its name. */
  isFirst: boolean;
  bars: readonly Bar[];
  waits: readonly Wait[];
}

export const rowHeight = 28;

export function rowsOf(lanes: readonly Lane[]): LaneRow[] {
  return lanes.flatMap(({ agent, rows }) =>
    rows.map(({ bars, waits }, index) => ({ agent, isFirst: index === 0, bars, waits })),
  );
}

/** From a time to px. */
export function scaleOf({ from, to }: Window, width: number): (at: number) => number {
  const per = width / Math.max(1, to - from);
  return (at) => (at - from) * per;
}

/** The bar, else the wait, at a time of a row; a little beside counts, for bars are thin. */
export function partAt(row: LaneRow | undefined, at: number, slack: number): { bar: Bar | null; wait: Wait | null } {
  const isAt = ({ from, to }: { from: number; to: number }): boolean => at >= from - slack && at <= to + slack;
  const bar = row?.bars.findLast(isAt) ?? null;
  return { bar, wait: bar === null ? (row?.waits.findLast(isAt) ?? null) : null };
}

/** Of a task on the chain: its last bar, with the row it is in. */
export function chainEnds(rows: readonly LaneRow[], chain: readonly string[]): { bar: Bar; row: number }[] {
  const last = new Map<string, { bar: Bar; row: number }>();
  for (const [row, { bars }] of rows.entries())
    for (const bar of bars) if ((last.get(bar.task)?.bar.to ?? -1) <= bar.to) last.set(bar.task, { bar, row });
  return chain.flatMap((task) => last.get(task) ?? []);
}
