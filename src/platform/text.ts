/**
 * Text from others on its way to a terminal: titles, reasons, agents' output.
 *
 * Owns the rule which characters never reach a screen: those that move the cursor, change colours, set the title or turn the
 * reading order, because they let a task's title pass for something else.
 */
/* oxlint-disable no-control-regex -- control characters are what these patterns look for */

/** Escape sequences: CSI, OSC and the other strings up to their end, then two-character ones. */
const sequence =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** C0 without tab and line feed, DEL, C1, marks and overrides of direction, line and paragraph separators, byte order marks, lone surrogates. */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** The text without anything that steers a terminal; line feeds and tabs stay. */
export function printable(text: string): string {
  return text.replace(sequence, '').replace(hidden, '');
}

/**
 * The text with every such character told by its number, `<U+202E>`: for code under review, where one that is left out or has its effect
 * would hide what the code does. Line feeds and tabs stay, and carriage returns at the end of a line, which are a file's line ends.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character, at: number) =>
    character === '\r' && text[at + 1] === '\n'
      ? character
      : `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

/** {@link printable} on one line, cut to `width` characters with an ellipsis. */
export function oneLine(text: string, width: number = Number.POSITIVE_INFINITY): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  if (line.length <= width) return line;
  return `${Array.from(line)
    .slice(0, Math.max(0, width - 1))
    .join('')}…`;
}

/** JSON with every such character written as an escape, so that it is the same data and yet harmless on a screen. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(hidden, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** The names of `known` that a person may have meant by `typed`, nearest first: at most two changed, added or swapped letters away. */
export function nearest(typed: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.min(2, Math.floor(typed.length / 2))) + 1;
  for (const name of known) {
    const far = distance(typed.toLowerCase(), name.toLowerCase());
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

/** Optimal string alignment distance. */
function distance(a: string, b: string): number {
  let [before, row] = [
    Array.from({ length: b.length + 1 }, () => 0),
    Array.from({ length: b.length + 1 }, (_, at) => at),
  ];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
