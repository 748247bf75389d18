/** Makes text of agents harmless to read. Pure. */

const ESC = String.fromCodePoint(0x1b);
const BEL = String.fromCodePoint(0x07);
/** Escape sequences of terminals: colours, cursor moves, titles, links. */
const SEQUENCES = new RegExp(
  String.raw`${ESC}(?:\[[0-?]*[ -/]*[@-~]|\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\)?|[@-Z\\-_])`,
  'g',
);
/** Control characters but tab and newline, and those that turn or hide the reading order. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;

export function plain(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll('\r\n', '\n').replaceAll(HIDDEN, '');
}
