/** The table of a run, as Markdown, and the lines that say on what machine it was measured. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { ratioOf, verdictOf, type Figure, type Goal, type Row } from './measure.ts';

const heads = ['what', 'measured', 'limit in the same run', 'ratio', 'goal', 'verdict'];

export function tableOf(rows: readonly Row[]): string {
  const cells = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellsOf(row: Row): string[] {
  const { what, measured, limit, goal } = row;
  const ratio = ratioOf(row);
  return [
    what,
    tell(measured),
    limit === undefined ? '' : tell(limit),
    ratio === null ? '' : digits(ratio),
    goal === undefined ? '' : tellGoal(goal, measured),
    verdictOf(row),
  ];
}

function tell({ value, unit, of }: Figure): string {
  const number = `${unit === 'x' ? value.toFixed(3) : digits(value)}${unit === '' || unit === 'x' ? '' : ` ${unit}`}`;
  return of === undefined ? number : `${number} (${of})`;
}

function tellGoal({ of, most, below }: Goal, { unit }: Figure): string {
  const sign = below === true ? '<' : '≤';
  const shown = of === 'ratio' || unit === 'x' ? `${most} x` : `${most}${unit === '' ? '' : ` ${unit}`}`;
  return most === 0 ? '0' : `${sign} ${shown}`;
}

/** Three figures, which is more than a shared machine repeats. */
function digits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
}

export function loadNow(): string {
  return loadavg()[0]?.toFixed(1) ?? '?';
}

/** @param order what was asked for: a quick run, or a part of the measures. */
export function machineLines(order: string, load: { before: string; after: string }): string[] {
  const memoryGb = (totalmem() / 1024 ** 3).toFixed(0);
  const model = cpus().at(0)?.model ?? 'unknown processor';
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${order}`,
    `${availableParallelism()} cores (${model.trim()}), ${memoryGb} GB, ${process.platform} ${process.arch}; load ${load.before} before, ${load.after} after`,
    `Node ${process.versions.node}, ${gitVersion()}, SQLite ${sqliteVersion()}`,
  ];
}

function gitVersion(): string {
  return execFileSync('git', ['--version'], { encoding: 'utf8' }).trim().replace(' version', '');
}

function sqliteVersion(): string {
  using database = new DatabaseSync(':memory:');
  return String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']);
}
