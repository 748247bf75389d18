/**
 * Clean text: takes out what a terminal, a log or a prompt would act on instead of showing.
 *
 * Owns that list: control characters except the tab, escape sequences, line separators that are no line ends, marks that turn
 * the direction of text (they make code read as other code), and invisible tag characters (they hide words from people only).
 */

/* oxlint-disable no-control-regex -- these are the characters to find */
const suspicious =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]/;
const escapeSequence = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]/g;
const unwanted =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
/* oxlint-enable no-control-regex */

/** `text` (one line, tabs allowed) without anything that acts on what shows it. Equal to `text` when nothing was found. */
export function cleanText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replace(escapeSequence, '').replace(unwanted, '').toWellFormed();
}
