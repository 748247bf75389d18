/**
 * How many cells of a terminal a text takes. Pure.
 *
 * Owns the rule that what is measured is shown alike everywhere: terminals disagree about joined emoji, flags and skin tones, so
 * {@link steady} takes those apart first, and after it every character has a width of its own: 0, 1 or 2 cells.
 */

/** Wide and full-width characters of Unicode's EastAsianWidth table, in runs, as first and last code point. */
const wideRuns: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

const onlyAscii = /^[\u0020-\u007e]*$/;
const emoji = /^\p{Emoji_Presentation}$/u;
/** Marks that stand on the character before them, and format characters that show nothing. */
const noCell = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
/** Variation selectors, joiners and skin tones: what turns several characters into one picture on some terminals only. */
const joining = /\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]|[\u{1f3fb}-\u{1f3ff}]/gu;
const flagLetter = /[\u{1f1e6}-\u{1f1ff}]/gu;
const flagBase = 0x1f1e6;
/** More marks than these on one character are kept by nobody's writing; they would smear over the lines around. */
const heapOfMarks = /(\p{M}{3})\p{M}+/gu;

/** The text with each picture taken apart into characters that every terminal shows alike; a flag becomes its two letters. */
export function steady(text: string): string {
  if (onlyAscii.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(joining, '')
    .replace(flagLetter, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? flagBase) - flagBase + 0x41))
    .replace(heapOfMarks, '$1');
}

/** Cells of a text without control characters, see {@link steady}. */
export function cellsOf(text: string): number {
  if (onlyAscii.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += widthOf(character);
  return cells;
}

/** The longest beginning that fits into `cells`, with `mark` (one cell) behind it where something was cut. */
export function cutToCells(text: string, cells: number, mark: string): string {
  if (cellsOf(text) <= cells) return text;
  if (cells <= 0) return '';
  let [kept, used] = ['', 0];
  for (const character of text) {
    used += widthOf(character);
    if (used > cells - 1) break;
    kept += character;
  }
  return kept + mark;
}

/** The text in pieces of at most `cells` (two at least), broken behind a space where one is near, else wherever it must. */
export function wrapToCells(text: string, cells: number): string[] {
  const most = Math.max(2, cells);
  if (cellsOf(text) <= most) return [text];
  const pieces: string[] = [];
  let [piece, used] = ['', 0];
  for (const character of text) {
    const width = widthOf(character);
    if (used + width > most) {
      const space = piece.lastIndexOf(' ') + 1;
      const cut = space > piece.length / 2 ? space : piece.length;
      pieces.push(piece.slice(0, cut));
      piece = piece.slice(cut);
      used = cellsOf(piece);
    }
    piece += character;
    used += width;
  }
  return [...pieces, piece];
}

/** Filled up with spaces to `cells`; a longer text stays as it is. */
export function padToCells(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - cellsOf(text)));
}

function widthOf(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return code === 0xad ? 0 : 1;
  if (noCell.test(character)) return 0;
  return emoji.test(character) || wideRuns.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
