/**
 * A measure: one question about speed or size, answered in rows of the table.
 *
 * Owns the shape of a row and the verdict on it. Invariant: a ratio compares two figures of one run, so that a slow or busy
 * machine slows both; a row without a limit shows a plain figure.
 */

export interface MeasureOptions {
  /** Fewer rounds and smaller inputs: for trying things out, not for the record. */
  quick: boolean;
  /** Tells whoever waits what is going on. */
  note: (text: string) => void;
}

export interface Measure {
  /** For `--only`. */
  name: string;
  run(options: MeasureOptions): Promise<Row[]>;
}

export type Unit = 'ms' | 'MB' | '%' | 'x' | '';

export interface Figure {
  value: number;
  unit: Unit;
  /** What it is, where that does not follow from the row: `p99`, `git merge-tree`. */
  of?: string;
}

export interface Row {
  what: string;
  measured: Figure;
  /** What the machine allows, measured between the rounds of the same run. */
  limit?: Figure;
  goal?: Goal;
}

/** `below`: the value itself must stay under `most`; otherwise it may reach it. */
export interface Goal {
  of: 'ratio' | 'measured';
  most: number;
  below?: boolean;
}

export type Verdict = 'met' | 'missed' | '';

/** Measured over limit, `null` where there is none. */
export function ratioOf({ measured, limit }: Row): number | null {
  return limit === undefined || limit.value === 0 ? null : measured.value / limit.value;
}

export function verdictOf(row: Row): Verdict {
  const { goal, measured } = row;
  if (goal === undefined) return '';
  const value = goal.of === 'ratio' ? ratioOf(row) : measured.value;
  if (value === null) return '';
  return (goal.below === true ? value < goal.most : value <= goal.most) ? 'met' : 'missed';
}
