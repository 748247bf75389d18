/**
 * Markdown inside a line: comments, the backslash that makes `<!--` plain text, and code spans.
 *
 * Owns both directions of each, so that what one writes the other reads back unchanged.
 */

/** Leaves out comments that begin and end on this line; `\<!--` becomes `<!--`. */
export function readInline(text: string): string {
  if (!text.includes('<!--')) return text;
  let out = '';
  let from = 0;
  for (let at = text.indexOf('<!--'); at >= 0; at = text.indexOf('<!--', at + 1)) {
    if (text[at - 1] === '\\') {
      out += `${text.slice(from, at - 1)}<!--`;
      from = at + 4;
      continue;
    }
    const end = text.indexOf('-->', at + 2);
    if (end < 0) break;
    out += text.slice(from, at);
    from = end + 3;
    at = from - 1;
  }
  return out + unescaped(text.slice(from));
}

function unescaped(text: string): string {
  return text.replaceAll('\\<!--', '<!--');
}

/** The reverse of {@link readInline}: text that reads back as it is. */
export function writeInline(text: string): string {
  return text.replaceAll('<!--', '\\<!--');
}

/** The content of a code span that is the whole text, or the text itself: `` `a b` `` → `a b`. */
export function readCode(text: string): string {
  const mark = /^`+/.exec(text)?.[0];
  if (mark === undefined || text.length <= mark.length * 2 || !text.endsWith(mark)) return text;
  const inner = text.slice(mark.length, -mark.length);
  if (inner.startsWith('`') || inner.endsWith('`') || longestRun(inner, mark.length)) return text;
  const padded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
  return padded ? inner.slice(1, -1) : inner;
}

/** A code span that {@link readCode} reads back as `text`. */
export function writeCode(text: string): string {
  let length = 1;
  while (longestRun(text, length)) length += 1;
  const mark = '`'.repeat(length);
  const pad = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${mark}${pad}${text}${pad}${mark}`;
}

/** Whether a run of exactly `length` backquotes stands in the text. */
function longestRun(text: string, length: number): boolean {
  return (text.match(/`+/g) ?? []).some((run) => run.length === length);
}
