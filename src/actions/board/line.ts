/**
 * A line of the board: parts of text, each with a tone, cut to the terminal's width.
 *
 * Owns the safety of what is drawn: text of others loses what steers a terminal, tabs and line feeds, and is measured in cells,
 * so that no line is wider than it may be whatever somebody wrote.
 */
import { cellsOf, cutToCells, padToCells, steady } from '../../core/text-width.ts';
import { oneLine, printable } from '../../platform/text.ts';

export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue';

export interface Part {
  text: string;
  tone?: Tone;
}

export type Line = readonly Part[];

export interface Space {
  columns: number;
  /** Whether the terminal shows more than ASCII. */
  unicode: boolean;
}

/** Text of others on one line. */
export function said(text: string, cells: number = Number.POSITIVE_INFINITY): string {
  return cutToCells(steady(oneLine(text)), cells, '…');
}

export function part(text: string, tone?: Tone): Part {
  return tone === undefined ? { text } : { text, tone };
}

/** The line in at most `columns` cells. */
export function fit(line: Line, { columns, unicode }: Space): Line {
  const mark = unicode ? '…' : '>';
  const parts: Part[] = [];
  let left = columns;
  const whole = line.map((one) => ({ ...one, text: shown(one.text, unicode) }));
  const isLong = whole.reduce((sum, { text }) => sum + cellsOf(text), 0) > columns;
  for (const one of whole) {
    const cells = cellsOf(one.text);
    // The mark needs a cell of its own, if anything follows that does not fit.
    if (cells < left || (cells === left && !isLong)) parts.push(one);
    else {
      parts.push({ ...one, text: cutToCells(`${one.text}  `, left, mark) });
      return parts;
    }
    left -= cells;
  }
  return parts;
}

/** The line without its tones. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Filled up with spaces, as text. */
export function pad(text: string, cells: number): string {
  return padToCells(said(text), cells);
}

/** What each terminal can show: without Unicode letters lose their accents, and what has none for it becomes `?`. */
function shown(text: string, unicode: boolean): string {
  const plain = steady(printable(text).replace(/[\t\n]/g, ' '));
  if (unicode) return plain;
  return plain
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('…', '>')
    .replaceAll(/[^\u0020-\u007e]/gu, '?');
}
