/**
 * Checkboxes: `- [ ] rest of the line`, the one thing in a plan's file that Orbit writes.
 *
 * Owns where the mark stands and how it is changed. Everything outside the brackets stays as it is, byte for byte.
 */

export interface Checkbox {
  /** What stands between the brackets, without white space around it: empty = open, `x` or `X` = ticked. */
  mark: string;
  /** Offsets of that text in the line. */
  from: number;
  to: number;
  /** What follows the brackets. */
  rest: string;
}

const pattern = /^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)([^[\]]{0,4})\](?:[ \t]+(.*))?$/s;

/** Reads a list item with a checkbox, or answers `null`. A mark is at most one character. */
export function readCheckbox(line: string): Checkbox | null {
  const found = pattern.exec(line);
  if (found === null) return null;
  const [, head = '', inside = '', rest = ''] = found;
  const mark = inside.trim();
  if (!/^(?:\S\ufe0f?)?$/u.test(mark)) return null;
  return { mark, from: head.length, to: head.length + inside.length, rest };
}

export function isTicked(box: Checkbox): boolean {
  return box.mark === 'x' || box.mark === 'X';
}

/** A line of the document that carries a checkbox. `start` is the line's offset in the text. */
export interface BoxedLine {
  start: number;
  box: Checkbox;
  id: string;
}

/** Changes the marks of these lines (in the order of the text) to what `changes` wants; ids that it lacks keep theirs. */
export function changeMarks(text: string, lines: Iterable<BoxedLine>, changes: ReadonlyMap<string, boolean>): string {
  const parts: string[] = [];
  const seen = new Set<string>();
  let kept = 0;
  for (const { start, box, id } of lines) {
    const wanted = changes.get(id);
    if (wanted === undefined || seen.has(id)) continue;
    seen.add(id);
    if (wanted === isTicked(box)) continue;
    parts.push(text.slice(kept, start + box.from), wanted ? 'x' : ' ');
    kept = start + box.to;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}
